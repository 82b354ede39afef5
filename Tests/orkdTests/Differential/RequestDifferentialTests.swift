import Foundation
import ORKTestSupport
import Testing

/// Size of the random part: 20,000 streams in CI; `make differential` runs
/// more.
enum DifferentialSize {
    static let streams = ProcessInfo.processInfo.environment["ORK_STREAMS"].flatMap { Int($0) } ?? 20_000
    /// So many streams are compared at a time.
    static let slice = 5_000
}

@Suite("Requests as others read them", .serialized) struct RequestDifferentialTests {
    @Test("every request of a real client is accepted, and others read it and what is sent on as we do")
    func corpus() async throws {
        let corpus = try HeadCorpus.requests()
        #expect(corpus.samples.count >= 300)
        var rules: OwnReading.Rules = [:]
        for sample in corpus.samples {
            let reading = OwnReading.requests(sample.bytes, counting: &rules)
            #expect(reading.messages.map(\.body) == [sample.body] && reading.end != .refused, "\(sample)")
            #expect(reading.messages.allSatisfy { $0.isComplete }, "\(sample)")
        }
        #expect(rules.isEmpty)
        let outcome = try await DifferentialRun().requests(corpus.samples.map(\.bytes))
        #expect(outcome.disagreements.isEmpty, "\(outcome.disagreements.prefix(3))")
        #expect(outcome.sent >= 300)
    }

    @Test("odd bytes in framing fields are refused or read as others read them")
    func framing() async throws {
        let outcome = try await DifferentialRun().requests(FramingCases.requests)
        print("framing of requests: \(outcome)")
        #expect(outcome.disagreements.isEmpty, "\(outcome.disagreements.prefix(3))")
        #expect(outcome.streams >= 1000 && outcome.sent > 0)
    }

    @Test("no broken stream is read differently by h11, by httptools or by NIO, and nothing is smuggled")
    func broken() async throws {
        let mutator = StreamMutator(try HeadCorpus.requests(), areRequests: true)
        var dice = Seed.current.generator("request differential")
        var left = DifferentialSize.streams
        while left > 0 {
            let streams = (0..<min(left, DifferentialSize.slice)).map { _ in mutator.stream(using: &dice) }
            left -= streams.count
            let outcome = try await DifferentialRun().requests(streams)
            print("requests: \(outcome)")
            #expect(outcome.disagreements.isEmpty, "\(Seed.current) \(outcome.disagreements.prefix(3))")
            #expect(outcome.accepted > streams.count / 10 && outcome.sent > streams.count / 10)
        }
    }
}
