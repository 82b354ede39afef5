import ORKit

/// `POST /auth/register`: whoever comes makes itself a user (US-01, K-21).
/// Switched off unless an operator wants it.
struct RegisterEndpoint: Sendable {
    let services: WebServices
    /// Nil: nobody may.
    let settings: RegistrationConfiguration

    private struct Registration: Decodable {
        var username: String
        var email: String
        var authMethod: String?
        var environmentTag: String?
        var keyName: String?
        /// Known, and never heeded: what a user begins with is the operator's
        /// to say.
        var initialCredits: Int64?

        enum CodingKeys: String, CodingKey {
            case username, email
            case authMethod = "auth_method"
            case environmentTag = "environment_tag"
            case keyName = "key_name"
            case initialCredits = "initial_credits"
        }
    }

    func answer(_ call: WebCall) async throws -> WebValue {
        guard settings.enabled else {
            throw CodedError(.pathNotPermitted, "nobody can register here", hints: [])
        }
        let body: Registration = try await call.body()
        let environment = try OwnKeyFields.environment(body.environmentTag ?? "live")
        let keyName = try OwnKeyFields.name(body.keyName ?? "Primary Key")
        var user = UserAdd(name: body.username)
        do { user.email = try UserFields.email(body.email) } catch let error as CodedError {
            throw Unprocessable(error: error)
        }
        user.authMethod = body.authMethod ?? "email"
        user.subscription = "trial"
        let (made, key) = try await services.users.register(
            user, keyName: keyName, environment: environment, call.order)
        if settings.credits > 0 {
            try await services.credits.begin(made.id, with: Int64(settings.credits), call.order)
        }
        return [
            "user_id": .number(made.id.raw), "username": .text(made.name), "email": WebValue(made.email),
            "api_key": WebValue(key.secret), "credits": .number(try await services.balance(of: made.id)),
            "environment_tag": .text(key.environmentTag), "scope_permissions": .scopes(key.permissions),
            "auth_method": WebValue(made.authMethod), "subscription_status": .text(made.subscription),
            "message": "you are registered; the key is shown this once", "timestamp": call.timestamp,
        ]
    }
}

/// A field that is there, and says what it cannot: 422, as S2's table has it.
struct Unprocessable: Error {
    var error: CodedError
}
