import ORKit

/// What a user says about itself, and its end (US-03 to US-05).
struct ProfileEndpoints: Sendable {
    let services: WebServices

    func show(_ call: WebCall) async throws -> WebValue {
        let client = try call.client()
        let user = try await services.user(client.user)
        let said = (user.preferences.flatMap { JSONValue(Array($0.utf8)) }).map(WebValue.init)
        return [
            "user_id": .number(user.id.raw), "api_key": .text(client.masked),
            "credits": .number(try await services.balance(of: user.id)), "username": .text(user.name),
            "name": WebValue(user.tags[Self.nameTag]), "email": WebValue(user.email),
            "auth_method": WebValue(user.authMethod), "subscription_status": .text(user.subscription),
            "trial_expires_at": .time(user.trialEndsAt), "is_active": .flag(user.enabled),
            "preferences": said ?? [:], "registration_date": .time(user.addedAt),
            "created_at": .time(user.addedAt),
        ]
    }

    /// What is not named stays as it is.
    func update(_ call: WebCall) async throws -> WebValue {
        let client = try call.client()
        let fields = try await call.members(["name", "email", "preferences"])
        guard !fields.isEmpty else {
            throw CodedError(.badValue, "name at least one of name, email, preferences", hints: [])
        }
        var request = UserSet(select: [String(client.user.raw)])
        for (name, value) in fields {
            switch (name, value) {
            case ("name", .string(let text)): request.tags = [Self.nameTag: text]
            case ("email", .string(let text)): request.email = .value(text)
            case ("preferences", .object):
                request.preferences = .value(String(decoding: WebValue(value).bytes, as: UTF8.self))
            default: throw CodedError(.badValue, "field “\(name)” has a value that is not allowed", hints: [])
            }
        }
        _ = try await services.users.set(request, call.order)
        return try await show(call)
    }

    /// With all keys, at once.
    func remove(_ call: WebCall) async throws -> WebValue {
        let client = try call.unboundClient()
        try await call.confirm("DELETE_ACCOUNT")
        _ = try await services.users.remove(
            Selection(select: [String(client.user.raw)]), call.order)
        return [
            "status": "success", "message": "the account and its keys are gone",
            "user_id": .number(client.user.raw), "timestamp": call.timestamp,
        ]
    }

    /// What a user is called is in everybody's sight, so it is not the user's
    /// to change; this is.
    private static let nameTag = "display_name"
}

extension WebServices {
    func user(_ id: UserID) async throws -> UserView {
        guard let view = try await users.list(UserQuery(select: [String(id.raw)])).items.first else {
            throw CodedError(.userNotFound)
        }
        return view
    }
}

extension WebValue {
    /// As it was read, its numbers as they were written.
    init(_ json: JSONValue) {
        self =
            switch json {
            case .null: .null
            case .bool(let value): .flag(value)
            case .number(let digits): .decimal(digits)
            case .string(let text): .text(text)
            case .array(let values): .list(values.map { WebValue($0) })
            case .object(let members): .object(members.map { (name: $0.name, value: WebValue($0.value)) })
            }
    }
}
