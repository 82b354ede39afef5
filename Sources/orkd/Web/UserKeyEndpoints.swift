import ORKit

/// A user's own client keys (CK-14 to CK-18).
struct UserKeyEndpoints: Sendable {
    let services: WebServices

    func list(_ call: WebCall) async throws -> WebValue {
        let keys = try await services.keys(of: try call.client().user)
        return [
            "status": "success", "total_keys": .number(Int64(keys.count)),
            "keys": .list(keys.map { .key($0, at: call.now) }),
        ]
    }

    func usage(_ call: WebCall) async throws -> WebValue {
        let user = try call.client().user
        let keys = try await services.keys(of: user)
        return [
            "user_id": .number(user.raw), "total_keys": .number(Int64(keys.count)),
            "keys": .list(keys.map(WebValue.keyUsage)),
        ]
    }
}

extension WebServices {
    /// In the order in which they were made.
    func keys(of user: UserID) async throws -> [ClientView] {
        var found: [ClientView] = []
        var query = ClientQuery(user: String(user.raw))
        repeat {
            let page = try await clients.list(query)
            found += page.items
            query.page.cursor = page.next
        } while query.page.cursor != nil
        return found.sorted { $0.id.raw < $1.id.raw }
    }
}

extension ClientView {
    /// The tag under which a user's own name for a key is kept: the names of
    /// clients are everybody's.
    static let keyNameTag = "key_name"

    var keyName: String { tags[Self.keyNameTag] ?? name }

    /// S2 writes one of the words in full.
    var environmentTag: String { environment == "dev" ? "development" : environment }

    /// Of a key with a cap, what counts towards it.
    fileprivate var requestsUsed: Int64 {
        guard let maxRequests, let requestsLeft else { return requests }
        return maxRequests - requestsLeft
    }

    fileprivate var usagePercentage: WebValue {
        maxRequests.map { .ratio(requestsUsed, of: $0, scale: 100) } ?? .null
    }
}

extension WebValue {
    static func keyUsage(_ key: ClientView) -> WebValue {
        [
            "key_id": .number(key.id.raw), "api_key": .text(key.masked), "key_name": .text(key.keyName),
            "is_active": .flag(key.state == "usable"), "is_primary": .flag(key.primary),
            "requests_used": .number(key.requestsUsed), "max_requests": WebValue(key.maxRequests),
            "requests_remaining": WebValue(key.requestsLeft), "usage_percentage": key.usagePercentage,
            "environment_tag": .text(key.environmentTag), "created_at": .time(key.addedAt),
            "last_used_at": .time(key.lastUsedAt),
        ]
    }

    static func key(_ key: ClientView, at now: WallTime) -> WebValue {
        let end = key.expiresAt.flatMap { WallTime(rfc3339: $0) }
        return [
            "id": .number(key.id.raw), "key_name": .text(key.keyName), "api_key": .text(key.masked),
            "environment_tag": .text(key.environmentTag), "scope_permissions": .scopes(key.permissions),
            "is_active": .flag(key.state == "usable"), "is_primary": .flag(key.primary),
            "expiration_date": .time(end),
            "days_remaining": WebValue(end.map { max(0, $0.milliseconds(since: now)) / 86_400_000 }),
            "max_requests": WebValue(key.maxRequests), "requests_used": .number(key.requestsUsed),
            "requests_remaining": WebValue(key.requestsLeft), "usage_percentage": key.usagePercentage,
            "ip_allowlist": WebValue(key.addresses ?? []), "domain_referrers": WebValue(key.referrers ?? []),
            "created_at": .time(key.addedAt), "last_used_at": .time(key.lastUsedAt),
        ]
    }

    /// S2's map.
    static func scopes(_ names: [String]) -> WebValue {
        let scopes = Permissions(names: names)?.scopes ?? [:]
        return .object(["read", "write", "admin"].map { ($0, WebValue(scopes[$0] ?? [])) })
    }
}
