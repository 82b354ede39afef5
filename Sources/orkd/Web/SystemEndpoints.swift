import ORKit

/// S0's routes about the daemon itself (MN-05, MN-06, CL-01).
struct SystemEndpoints: Sendable {
    let services: WebServices

    func dashboard(_ call: WebCall) async throws -> WebValue {
        let status = try await services.operations.status()
        let today = try await services.usage.standing(of: nil).today
        return [
            "total_client_keys": .number(Int64(status.clients.total)),
            "active_client_keys": .number(Int64(status.clients.usable)),
            "total_openrouter_keys": .number(Int64(status.keys.total)),
            "healthy_openrouter_keys": .count(.usable, of: status), "requests_today": .number(today.requests),
            "successful_requests_today": .number(today.requests - today.failed),
            "failed_requests_today": .number(today.failed),
            "uptime_seconds": .number(Int64(status.uptimeSeconds)), "store_status": "connected",
            "timestamp": call.timestamp,
        ]
    }

    func status(_ call: WebCall) async throws -> WebValue {
        let status = try await services.operations.status()
        return [
            "status": .text(status.serving), "timestamp": call.timestamp,
            "system": [
                "version": .text(status.version), "uptime_seconds": .number(Int64(status.uptimeSeconds)),
                "memory_bytes": .number(status.memoryBytes), "upstream": .text(status.upstream),
                "in_flight": .number(Int64(status.traffic.inFlight)),
            ],
            "store": [
                "status": "connected", "schema": .number(Int64(status.store.schema)),
                "bytes": .number(status.store.bytes),
            ],
            "keys": [
                "pool": .object(
                    [("total", .number(Int64(status.keys.total)))]
                        + KeyState.allCases.map { ($0.rawValue, .count($0, of: status)) }),
                "client": [
                    "total": .number(Int64(status.clients.total)),
                    "active": .number(Int64(status.clients.usable)),
                ],
            ],
            "circuit_breakers": ["open": .count(.broken, of: status)],
            "rotation_strategy": .text(status.strategy.rawValue),
            "conditions": .list(
                status.conditions.map { ["code": .text($0.code.rawValue), "text": .text($0.text)] }),
        ]
    }

    /// The same pass as `orkctl cleanup`.
    func cleanup(_ call: WebCall) async throws -> WebValue {
        let report = try await services.operations.cleanup(classes: [], call.order)
        return [
            "status": "success", "message": "the daemon was cleaned up",
            "cleaned": .object(
                report.classes.sorted { $0.key < $1.key }.map { ($0.key, .number(Int64($0.value))) }),
            "timestamp": call.timestamp,
        ]
    }
}

extension WebValue {
    fileprivate static func count(_ state: KeyState, of status: StatusReport) -> WebValue {
        .number(Int64(status.keys.byState[state.rawValue] ?? 0))
    }
}
