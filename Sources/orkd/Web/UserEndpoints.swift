import ORKit

/// What a user is told of itself (MN-01 to MN-03, US-06, RL-04).
struct UserEndpoints: Sendable {
    let services: WebServices

    func balance(_ call: WebCall) async throws -> WebValue {
        let client = try call.client()
        return [
            "api_key": .text(client.masked), "credits": .number(try await services.balance(of: client.user)),
            "status": "active", "user_id": .number(client.user.raw),
        ]
    }

    func monitor(_ call: WebCall) async throws -> WebValue {
        let client = try call.client()
        let usage = try await services.usage.standing(of: client.user)
        return [
            "status": "success", "timestamp": call.timestamp, "user_id": .number(client.user.raw),
            "api_key": .text(client.masked),
            "current_credits": .number(try await services.balance(of: client.user)),
            "usage_metrics": .metrics(usage, price: services.price),
            "rate_limits": .windows(try await services.limits(of: client.user)),
        ]
    }

    func limit(_ call: WebCall) async throws -> WebValue {
        let client = try call.client()
        let limits = try await services.limits(of: client.user)
        let spent = limits.limits.first { $0.left == 0 }
        var usage: [(name: String, value: WebValue)] = [
            ("allowed", .flag(spent == nil || limits.shadow)),
            ("reason", .text(spent.map { "\($0.name) is used up" } ?? "within the limits")),
        ]
        for kind in LimitKind.windows {
            usage.append((kind.word, WebValue(limits.limits.first { $0.name == kind.word }?.used)))
        }
        return [
            "status": "success", "api_key": .text(client.masked), "user_id": .number(client.user.raw),
            "current_limits": .windows(limits), "current_usage": .object(usage),
            "reset_times": [
                "minute": .time(limits.end(of: "minute") ?? call.now),
                "hour": .time(limits.end(of: "hour") ?? call.now),
                "day": .time(
                    limits.end(of: "day") ?? call.now.startOfDay.advanced(byMilliseconds: 86_400_000)),
            ],
        ]
    }
}

extension WebValue {
    /// S2's twelve numbers.
    static func metrics(_ usage: UsageStanding, price: Money) -> WebValue {
        func cost(_ sum: UsageSum) -> WebValue {
            .decimal(Credits.worth(sum.credits, atMillion: price).decimal)
        }
        return [
            "total_requests": .number(usage.total.requests), "total_tokens": .number(usage.total.tokens),
            "total_cost": cost(usage.total), "requests_today": .number(usage.today.requests),
            "tokens_today": .number(usage.today.tokens), "cost_today": cost(usage.today),
            "requests_this_month": .number(usage.month.requests),
            "tokens_this_month": .number(usage.month.tokens), "cost_this_month": cost(usage.month),
            "average_tokens_per_request": .ratio(usage.total.tokens, of: usage.total.requests),
            "most_used_model": WebValue(usage.model), "last_request_time": .time(usage.last),
        ]
    }

    /// The six windows; null where nothing is bounded.
    static func windows(_ view: LimitView) -> WebValue {
        .object(
            LimitKind.windows.map { kind in
                (kind.word, WebValue(view.limits.first { $0.name == kind.word }?.limit))
            })
    }
}

extension LimitKind {
    /// S2's six.
    static let windows: [LimitKind] = [
        .requestsPerMinute, .requestsPerHour, .requestsPerDay, .tokensPerMinute, .tokensPerHour,
        .tokensPerDay,
    ]
}

extension LimitView {
    /// When all of what a window bounds is back; nil: nothing of it is used.
    fileprivate func end(of window: String) -> WallTime? {
        limits.filter { $0.name.hasSuffix("_per_\(window)") }
            .compactMap { $0.reset.flatMap { WallTime(rfc3339: $0) } }.max()
    }
}
