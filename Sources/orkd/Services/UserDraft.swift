import ORKit

/// A user that is to be, its fields looked at.
struct UserDraft: Sendable {
    let name: String
    private let request: UserAdd
    private let subscription: UserRow.Subscription
    private let tags: [String: String]

    init(_ request: UserAdd) throws {
        self.request = request
        name = try UserFields.name(request.name)
        subscription = try request.subscription.map(UserFields.subscription) ?? .active
        tags = try ClientFields.tags([:], changed: (request.tags ?? [:]).mapValues { $0 })
    }

    /// Its id is yet to be given.
    func row(at now: WallTime) throws -> UserRow {
        var trialEnd = try request.trialEnds.map { try UserFields.trialEnd($0, at: now) }
        if subscription == .trial {
            trialEnd = trialEnd ?? now.advanced(byMilliseconds: UserFields.trial)
        }
        return UserRow(
            id: .house, name: name, email: try request.email.map(UserFields.email),
            authMethod: try request.authMethod.map(UserFields.authMethod), enabled: true,
            disabledReason: nil, metered: request.metered ?? true, subscription: subscription,
            trialEndsAt: trialEnd, preferences: try request.preferences.map(UserFields.preferences),
            note: try request.note.map { try ClientFields.text($0, "note") }, tags: tags, addedAt: now,
            version: 1)
    }
}
