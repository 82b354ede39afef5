import ORKit
import Testing

@testable import orkd

@Suite("the text of the metrics")
struct MetricsTextTests {
    private func text(_ body: (inout MetricsText) -> Void) -> String {
        var text = MetricsText()
        body(&text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test("help, type, samples; label values are escaped")
    func labels() {
        let made = text {
            $0.values("a_total", .counter, "As.", by: "kind", [("x\"\\\n", 1 as Int64), ("y", 2)])
        }
        #expect(
            made
                == "# HELP a_total As.\n# TYPE a_total counter\na_total{kind=\"x\\\"\\\\\\n\"} 1\na_total{kind=\"y\"} 2\n"
        )
    }

    @Test("the buckets of a histogram count up, and the last has all")
    func histogram() {
        var histogram = DurationHistogram()
        for duration: Int64 in [0, 1000, 1001, 2_000_000, .max] { histogram.add(duration) }
        let lines = text { $0.histogram("a_seconds", "As.", histogram) }.split(separator: "\n")
        #expect(lines.contains("a_seconds_bucket{le=\"0.001\"} 2"))
        #expect(lines.contains("a_seconds_bucket{le=\"0.003\"} 3"))
        #expect(lines.contains("a_seconds_bucket{le=\"3\"} 4"))
        #expect(lines.contains("a_seconds_bucket{le=\"300\"} 4"))
        #expect(lines.contains("a_seconds_bucket{le=\"+Inf\"} 5"))
        #expect(lines.last == "a_seconds_count 5")
    }

    @Test("money is exact")
    func money() {
        #expect(Money(pico: 1).metricsText == "0.000000000001")
        #expect(Money(pico: -1_500_000_000_000).metricsText == "-1.500000000000")
        #expect(Money(pico: .min).metricsText == "-9223372.036854775808")
    }

    @Test("a tally holds what an upstream claims, however large")
    func claims() {
        var usage = Usage()
        usage.prompt = .max
        usage.completion = -5
        usage.cost = Money(pico: .max)
        let record = RequestRecord(
            id: RequestID(raw: 1), client: ClientID(1), method: .post,
            path: "/v1/x", model: nil,
            stream: false, status: 999, code: .upstreamSlow, end: .truncated, attempts: [], bytesIn: 1,
            bytesOut: 2,
            firstByteMicroseconds: nil, microseconds: 3, usage: usage, quality: .exact, generation: nil)
        var tally = LoopTally()
        tally.add(record)
        tally.add(record)
        var sum = LoopTally()
        sum.add(tally)
        sum.add(tally)
        #expect(sum.tokens.prompt == .max && sum.tokens.completion == 0)
        #expect(sum.cost == Money(pico: .max))
        #expect(sum.classes[5] == 4 && sum.refusals[.upstreamSlow] == 4)
        #expect(sum.durations.count == 4 && sum.firstBytes.count == 0)
    }
}
