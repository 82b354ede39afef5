import ORKit

/// S0's routes about client keys (CK-01, CK-03 to CK-06, CK-12).
struct ClientKeyEndpoints: Sendable {
    let services: WebServices

    func list(_ call: WebCall) async throws -> WebValue {
        var keys: [WebValue] = []
        var query = ClientQuery(user: try call.query.one("user_id"))
        repeat {
            let page = try await services.clients.list(query)
            for key in page.items { keys.append(.clientKey(key, rate: try await rate(of: key))) }
            query.page.cursor = page.next
        } while query.page.cursor != nil
        return ["total": .number(Int64(keys.count)), "keys": .list(keys)]
    }

    /// `POST /admin/api/client-keys`.
    private struct Create: Decodable {
        /// Name or number.
        var userID: String?
        var name: String?
        var permissions: [String]?
        /// Requests an hour (K-15).
        var rateLimit: Int64?

        enum CodingKeys: String, CodingKey {
            case name, permissions
            case userID = "user_id"
            case rateLimit = "rate_limit"
        }
    }

    func create(_ call: WebCall) async throws -> WebValue {
        let body: Create = try await call.body()
        guard body.rateLimit.map({ (1...LimitRecord.most).contains($0) }) ?? true else {
            throw CodedError(.badValue, "rate_limit is a number above 0", hints: [])
        }
        var request = ClientAdd(name: body.name ?? "client-\(call.context.requestID)")
        request.user = body.userID
        request.permissions = body.permissions
        guard let key = try await services.clients.add(request, call.order).items.first?.item else {
            throw CodedError(.internalError)
        }
        if let rate = body.rateLimit {
            var limit = LimitSet(select: [key.name])
            limit.numbers[.requestsPerHour] = .value(rate)
            _ = try await services.limits.set(limit, call.order)
        }
        return [
            "status": "success", "message": "the key was made; it is shown this once",
            "api_key": WebValue(key.secret), "key_hash": .text(key.fingerprint), "name": .text(key.name),
            "user_id": WebValue(key.user), "permissions": WebValue(key.permissions),
            "rate_limit": WebValue(body.rateLimit),
        ]
    }

    func deactivate(_ call: WebCall) async throws -> WebValue {
        let selection = Selection(select: [try call.subject(.clientNotFound)])
        return try await answer(try await services.clients.disable(selection, call.order))
    }

    func reactivate(_ call: WebCall) async throws -> WebValue {
        let selection = Selection(select: [try call.subject(.clientNotFound)])
        return try await answer(try await services.clients.enable(selection, call.order))
    }

    func remove(_ call: WebCall) async throws -> WebValue {
        let selection = Selection(select: [try call.subject(.clientNotFound)])
        return try await answer(try await services.clients.remove(selection, call.order))
    }

    private func answer(_ changes: Changes<ClientView>) async throws -> WebValue {
        guard let change = changes.items.first else { throw CodedError(.clientNotFound) }
        return [
            "status": "success", "message": .text("the key is \(change.outcome)"),
            "key_hash": .text(change.item.fingerprint), "is_active": .flag(change.item.enabled),
        ]
    }

    private func rate(of key: ClientView) async throws -> Int64? {
        let limits = try await services.limits.list([key.name]).items.first?.limits
        return limits?.first { $0.name == LimitKind.requestsPerHour.word }?.limit
    }
}

extension WebValue {
    fileprivate static func clientKey(_ key: ClientView, rate: Int64?) -> WebValue {
        [
            "key_hash": .text(key.fingerprint), "name": .text(key.name), "api_key": .text(key.masked),
            "user_id": WebValue(key.user), "permissions": WebValue(key.permissions),
            "rate_limit": WebValue(rate), "is_active": .flag(key.state == "usable"),
            "usage_count": .number(key.requests), "created_at": .time(key.addedAt),
            "last_used": .time(key.lastUsedAt),
        ]
    }
}
