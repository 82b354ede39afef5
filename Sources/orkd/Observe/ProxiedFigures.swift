import ORKit

/// What is known of proxied requests that have ended.
struct ProxiedFigures {
    let tally: LoopTally

    func write(to text: inout MetricsText) {
        text.values(
            "ork_proxied_requests_total", .counter, "Proxied requests by how they ended.", by: "end",
            RequestEnd.allCases.map { ($0.name, tally.ends[Int($0.rawValue)]) })
        text.values(
            "ork_proxied_answers_total", .counter, "Proxied requests by the status of their answer.",
            by: "class", (1...5).map { ("\($0)xx", tally.classes[$0]) } + [("none", tally.classes[0])])
        text.values(
            "ork_refusals_total", .counter, "Answers of our own that were a no.", by: "code",
            tally.refusals.map { ($0.key.rawValue, $0.value) }.sorted { $0.0 < $1.0 })
        text.values(
            "ork_attempts_total", .counter, "Attempts by what the upstream's answer meant.", by: "cause",
            Cause.allCases.map { ($0.name, tally.causes[Int($0.rawValue)]) })
        text.histogram(
            "ork_request_duration_seconds", "From the head of a request to the end of its answer.",
            tally.durations)
        text.histogram(
            "ork_first_byte_seconds", "From the head of a request to the first byte of its answer.",
            tally.firstBytes)
        text.value("ork_request_body_bytes_total", .counter, "Bytes of request bodies.", tally.bytesIn)
        text.value("ork_answer_body_bytes_total", .counter, "Bytes of answers.", tally.bytesOut)
        text.values(
            "ork_tokens_total", .counter,
            "Tokens as the upstream stated them; cached and reasoning are parts.",
            by: "kind",
            [
                ("prompt", tally.tokens.prompt), ("cached", tally.tokens.cached),
                ("completion", tally.tokens.completion), ("reasoning", tally.tokens.reasoning),
            ])
        text.value(
            "ork_upstream_cost_dollars_total", .counter, "What the upstream stated as debited.", tally.cost)
    }
}
