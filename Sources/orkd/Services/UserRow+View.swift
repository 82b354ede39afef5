internal import GRDB
import ORKit

extension UserRow {
    func view(_ db: Database) throws -> UserView {
        let clients = try UserTable.clients(of: id, db)
        return UserView(
            id: id, name: name, email: email, authMethod: authMethod?.rawValue, enabled: enabled,
            disabledReason: disabledReason, metered: metered, subscription: subscription.rawValue,
            trialEndsAt: trialEndsAt?.rfc3339, preferences: preferences, tags: tags, note: note,
            clients: clients.count, primary: clients.primary, requests: clients.requests,
            addedAt: addedAt.rfc3339, version: version)
    }

    /// In everything but the name.
    func hasSameContent(as other: UserRow) -> Bool {
        email == other.email && authMethod == other.authMethod && enabled == other.enabled
            && disabledReason == other.disabledReason && metered == other.metered
            && subscription == other.subscription && trialEndsAt == other.trialEndsAt
            && preferences == other.preferences && note == other.note && tags == other.tags
    }

    func changed(by request: UserSet, at now: WallTime) throws -> UserRow {
        var row = self
        if let name = request.name { row.name = try UserFields.name(name) }
        if let email = request.email { row.email = try email.text.map(UserFields.email) }
        if let method = request.authMethod { row.authMethod = try method.text.map(UserFields.authMethod) }
        if let metered = request.metered { row.metered = metered }
        if let text = request.subscription {
            row.subscription = try UserFields.subscription(text)
            // A trial without an end would be none.
            if row.subscription == .trial {
                row.trialEndsAt = row.trialEndsAt ?? now.advanced(byMilliseconds: UserFields.trial)
            }
        }
        if let end = request.trialEnds {
            row.trialEndsAt = try end.text.map { try UserFields.trialEnd($0, at: now) }
        }
        if let preferences = request.preferences {
            row.preferences = try preferences.text.map(UserFields.preferences)
        }
        if let tags = request.tags { row.tags = try ClientFields.tags(row.tags, changed: tags) }
        if let note = request.note { row.note = try note.text.map { try ClientFields.text($0, "note") } }
        guard row.subscription != .trial || row.trialEndsAt != nil else {
            throw CodedError(.badValue, "a trial needs an end", hints: ["set one:   --trial-ends 3d"])
        }
        return row
    }
}
