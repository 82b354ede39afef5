import ORKit
import Synchronization

/// Gathers what `/metrics` shows, from memory.
struct LiveMetrics: MetricsSource {
    let state: DaemonState
    let box: EngineBox
    let operations: OperationsService
    let output: LogOutput

    func metrics() async -> [UInt8] {
        var text = MetricsText()
        text.values(
            "ork_build_info", .gauge, "The release that runs.", by: "version", [(API.release, 1)])
        ProcessFigures.now(startedAt: state.startedAt).write(to: &text)
        text.value("ork_draining", .gauge, "1 while no new requests are taken.", state.isDraining ? 1 : 0)
        if let expires = state.certificateExpires {
            text.value(
                "ork_certificate_expiry_timestamp_seconds", .gauge,
                "When the data port's certificate expires.", expires.milliseconds / 1000)
        }
        let conditions = await operations.present()
        text.family("ork_condition", .gauge, "1 for each condition that orkctl status shows.")
        for condition in conditions {
            text.sample(
                "ork_condition",
                labels: [("code", condition.code.rawValue), ("severity", condition.severity)],
                value: 1)
        }
        let keys = box.decide { engine, _ in engine.tally(at: SystemClock.now()) }
        text.values(
            "ork_keys", .gauge, "Keys of the pool.", by: "state",
            KeyState.allCases.map { ($0.rawValue, keys[$0] ?? 0) })
        writeStore(to: &text)
        if let loops = state.loops { await writeTraffic(of: loops, to: &text) }
        return text.bytes
    }

    private func writeStore(to text: inout MetricsText) {
        let journal = operations.store.journal.report()
        text.value(
            "ork_records_dropped_total", .counter,
            "Request records given up because the disk did not keep up.",
            journal.dropped)
        text.value(
            "ork_store_behind_seconds", .gauge, "Age of the oldest change that is not on disk.",
            journal.behindMilliseconds / 1000)
        text.value("ork_store_commits_total", .counter, "Transactions written.", journal.commits)
        text.value(
            "ork_store_failed_commits_total", .counter, "Transactions that could not be written.",
            journal.failedCommits)
        text.value(
            "ork_log_lines_dropped_total", .counter, "Log lines that nobody read in time.", output.dropped)
    }

    private func writeTraffic(of loops: LoopSet, to text: inout MetricsText) async {
        let (tally, upstream) = await loops.tallies()
        let sums = loops.traffic
        text.value("ork_requests_total", .counter, "Requests on the data port.", sums.requests)
        text.value(
            "ork_requests_failed_total", .counter, "Of these, those that did not end well.", sums.failed)
        text.value("ork_requests_in_flight", .gauge, "Proxied requests under way.", sums.inFlight)
        text.value(
            "ork_requests_queued", .gauge, "Of these, those that wait for a key.", loops.gateway.room.count)
        text.value("ork_streams", .gauge, "Of these, streams that have begun.", sums.streams)
        text.value("ork_retries_total", .counter, "Attempts after the first of a request.", sums.retries)
        ProxiedFigures(tally: tally).write(to: &text)
        text.value("ork_connections", .gauge, "Open connections of callers.", sums.connections)
        text.value("ork_connections_total", .counter, "Connections of callers.", tally.connections)
        text.value(
            "ork_connections_refused_total", .counter, "Of these, those beyond proxy.max_connections.",
            tally.surplus)
        text.value(
            "ork_accepts_failed_total", .counter,
            "Connections that the kernel had no descriptor or memory for.",
            loops.gateway.failedAccepts.load(ordering: .relaxed))
        text.value(
            "ork_memory_limit_bytes", .gauge, "The ceiling near which new requests are refused.",
            loops.gateway.memory.limit)
        text.value(
            "ork_handshakes_failed_total", .counter, "Of these, those that ended before TLS stood.",
            tally.failedHandshakes)
        text.value(
            "ork_kept_body_bytes", .gauge, "Request bodies kept for another attempt.",
            loops.gateway.keptBytes.load(ordering: .relaxed))
        text.values(
            "ork_upstream_connections", .gauge, "Connections to the upstream.", by: "state",
            [("idle", upstream.idle), ("busy", upstream.live - upstream.idle)])
        text.value(
            "ork_upstream_connects_total", .counter, "Connections to the upstream that were begun.",
            upstream.connects)
    }
}
