import ORKit

/// What S2's administrators do (CR-09, RL-03, US-07, MD-04, MD-05).
struct AdminEndpoints: Sendable {
    let services: WebServices

    /// `POST /admin/add_credits`.
    private struct AddCredits: Decodable {
        /// Any key of the user.
        var apiKey: String?
        /// In its place.
        var userID: Int64?
        var credits: Int64

        enum CodingKeys: String, CodingKey {
            case credits
            case apiKey = "api_key"
            case userID = "user_id"
        }
    }

    /// The same order under the same `Idempotency-Key` is carried out once
    /// (ruling 25).
    func addCredits(_ call: WebCall) async throws -> WebValue {
        let body: AddCredits = try await call.body()
        let user = try await user(body.apiKey, body.userID)
        var move = CreditMove(user: String(user.raw), credits: body.credits)
        move.idempotencyKey = call.idempotencyKey
        let change = try await services.credits.move(move, call.order).items.first
        let balance =
            if let balance = change?.item.balance { balance } else { try await services.balance(of: user) }
        return [
            "status": "success",
            "message": .text(
                change?.changed == true
                    ? "\(body.credits) credits were added" : "this order was carried out before"),
            "new_balance": .number(balance), "user_id": .number(user.raw),
        ]
    }

    /// `POST /admin/limit`.
    private struct SetLimit: Decodable {
        var apiKey: String?
        var userID: Int64?
        var rateLimits: [String: Int64]

        enum CodingKeys: String, CodingKey {
            case apiKey = "api_key"
            case userID = "user_id"
            case rateLimits = "rate_limits"
        }
    }

    /// What is not named stays as it is.
    func limit(_ call: WebCall) async throws -> WebValue {
        let body: SetLimit = try await call.body()
        let user = try await user(body.apiKey, body.userID)
        var request = LimitSet(select: [String(user.raw)])
        for (name, number) in body.rateLimits {
            guard let kind = LimitKind.windows.first(where: { $0.word == name }) else {
                throw CodedError(.unknownField, "unknown rate limit “\(name.shownInMessage)”", hints: [])
            }
            request.numbers[kind] = .value(number)
        }
        let view = try await services.limits.set(request, of: .users, call.order).items.first?.item
        return [
            "status": "success", "message": "the limits of the user are set", "user_id": .number(user.raw),
            "rate_limits": view.map { .windows($0) } ?? .null,
        ]
    }

    /// Every user, with the masked keys that it has.
    func balance(_ call: WebCall) async throws -> WebValue {
        var keys: [String: [ClientView]] = [:]
        var clients = ClientQuery()
        repeat {
            let page = try await services.clients.list(clients)
            for client in page.items { if let user = client.user { keys[user, default: []].append(client) } }
            clients.page.cursor = page.next
        } while clients.page.cursor != nil
        var users: [WebValue] = []
        var query = UserQuery()
        repeat {
            let page = try await services.users.list(query)
            let balances = try await balances(of: page.items)
            users += page.items.map { .account($0, balances[$0.id] ?? 0, keys[$0.name] ?? []) }
            query.page.cursor = page.next
        } while query.page.cursor != nil
        return ["status": "success", "total_users": .number(Int64(users.count)), "users": .list(users)]
    }

    private func balances(of users: [UserView]) async throws -> [UserID: Int64] {
        guard !users.isEmpty else { return [:] }
        let views = try await services.credits.balances(users.map { String($0.id.raw) })
        return Dictionary(views.map { ($0.id, $0.balance) }, uniquingKeysWith: { first, _ in first })
    }

    func refreshModels(_ call: WebCall) async throws -> WebValue {
        let view = try await services.models.refresh(call.order).items.first?.item ?? services.models.cache()
        return [
            "status": "success", "message": "the models were asked for anew",
            "total_models": .number(Int64(view.models)), "timestamp": call.timestamp,
        ]
    }

    func cacheStatus(_ call: WebCall) async throws -> WebValue {
        let view = services.models.cache()
        return [
            "status": "success",
            "cache_info": [
                "has_data": .flag(view.hasData), "cache_age_seconds": WebValue(view.ageSeconds),
                "ttl_seconds": .number(view.ttlSeconds), "is_valid": .flag(view.valid),
                "total_cached_models": .number(Int64(view.models)),
            ],
            "timestamp": call.timestamp,
        ]
    }

    /// Whom an order is about: by a key of the user, or by its number.
    private func user(_ key: String?, _ id: Int64?) async throws -> UserID {
        switch (key, id) {
        case (let key?, nil): return try await services.clients.owner(of: Secret(key.utf8))
        case (nil, let id?):
            guard let view = try await services.users.list(UserQuery(select: [String(id)])).items.first else {
                throw CodedError(.userNotFound)
            }
            return view.id
        default: throw CodedError(.badValue, "name the user, by one of “api_key” and “user_id”")
        }
    }
}

extension WebValue {
    fileprivate static func account(_ user: UserView, _ credits: Int64, _ keys: [ClientView]) -> WebValue {
        [
            "user_id": .number(user.id.raw), "username": .text(user.name), "email": WebValue(user.email),
            "api_key": WebValue(keys.first { $0.primary }?.masked ?? keys.first?.masked),
            "api_keys": WebValue(keys.map(\.masked)), "credits": .number(credits),
            "is_active": .flag(user.enabled), "created_at": .time(user.addedAt),
        ]
    }
}
