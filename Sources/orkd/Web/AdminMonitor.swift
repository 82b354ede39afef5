import ORKit

/// `GET /admin/monitor`: the whole at a glance (MN-04).
struct AdminMonitor: Sendable {
    let services: WebServices

    /// How many of those who use most, and of the newest requests.
    private static let users = 10
    private static let requests = 20

    func answer(_ call: WebCall) async throws -> WebValue {
        let usage = try await services.usage.standing(of: nil)
        let today = try await services.usage.usage(
            UsageQuery(group: .user, since: call.now.startOfDay, until: call.now.endOfHour))
        let ever = try await services.usage.usage(
            UsageQuery(group: .user, since: WallTime(milliseconds: 0), until: call.now.endOfHour))
        let total = try await services.users.list(UserQuery(page: PageQuery(limit: 1))).total ?? 0
        let newest = try await services.requests.list(
            RequestQuery(page: PageQuery(limit: Self.requests)))
        return [
            "status": "success", "timestamp": call.timestamp,
            "data": [
                "total_users": .number(Int64(total)),
                "active_users_today": .number(Int64(today.count { $0.id != nil && $0.requests > 0 })),
                "total_requests_today": .number(usage.today.requests),
                "total_tokens_today": .number(usage.today.tokens),
                "total_cost_today": .decimal(
                    Credits.worth(usage.today.credits, atMillion: services.price).decimal),
                "system_usage_metrics": .metrics(usage, price: services.price),
                "top_users_by_usage": .list(top(ever)),
                "recent_activity": .list(newest.items.map(Self.activity)),
            ],
        ]
    }

    /// Those of the house are nobody's.
    private func top(_ users: [UsageSumView]) -> [WebValue] {
        let most = users.filter { $0.id != nil }.sorted {
            ($1.totalTokens, $0.name) < ($0.totalTokens, $1.name)
        }
        return most.prefix(Self.users).map { user in
            [
                "user_id": WebValue(user.id), "username": .text(user.name),
                "requests": .number(user.requests), "tokens": .number(user.totalTokens),
                "cost": .decimal(Credits.worth(user.credits, atMillion: services.price).decimal),
            ]
        }
    }

    private static func activity(_ request: RequestView) -> WebValue {
        [
            "request_id": .text(request.id), "timestamp": .time(request.startedAt),
            "client": .text(request.client), "model": WebValue(request.model),
            "status": .number(Int64(request.status)), "tokens": .number(request.usage.totalTokens),
        ]
    }
}
