import ORKit

/// What the routes of users and administrators work with: the same services
/// as the control API.
struct WebServices: Sendable {
    let users: UsersService
    let clients: ClientsService
    let credits: CreditsService
    let limits: LimitsService
    let usage: UsageService
    let models: ModelsService
    let requests: RequestsService
    let keys: KeysService
    let operations: OperationsService
    /// What a million credits are sold for.
    let price: Money

    func balance(of user: UserID) async throws -> Int64 {
        try await credits.balances([String(user.raw)]).first?.balance ?? 0
    }

    func limits(of user: UserID) async throws -> LimitView {
        guard let view = try await limits.list([String(user.raw)], of: .users).items.first else {
            throw CodedError(.userNotFound)
        }
        return view
    }
}
