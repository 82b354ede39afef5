import NIOCore
import Synchronization
import Testing

@testable import orkd

@Suite("request bodies")
struct BodyFeedTests {
    @Test("a body arrives whole and in order")
    func whole() async throws {
        let feed = BodyFeed(resume: {})
        for number in 0..<5 { _ = feed.push(ByteBuffer(string: "\(number)")) }
        feed.finish()
        #expect(String(buffer: try await feed.body.collect(upTo: 100)) == "01234")
    }

    @Test("the transport is told to stop, and to go on once the route has caught up")
    func backPressure() async throws {
        let resumed = Mutex(0)
        let feed = BodyFeed(resume: { resumed.withLock { $0 += 1 } })
        var pushed = 1
        while feed.push(ByteBuffer(string: "x")) {
            pushed += 1
            try #require(pushed < 100, "no bound")
        }
        let before = resumed.withLock { $0 }
        var taken = 0
        func read(_ body: some AsyncSequence<ByteBuffer, any Error>) async throws {
            for try await _ in body {
                taken += 1
                guard taken == pushed else { continue }
                #expect(resumed.withLock { $0 } > before)
                feed.finish()
            }
        }
        try await read(feed.body)
        #expect(taken == pushed)
    }

    @Test("a body that broke off is an error, never a shorter body")
    func brokenOff() async {
        let feed = BodyFeed(resume: {})
        _ = feed.push(ByteBuffer(string: "half"))
        feed.fail()
        await #expect(throws: BodyBrokeOff.self) { try await feed.body.collect(upTo: 100) }
    }

    @Test("letting go without an end breaks the body off")
    func dropped() async {
        var feed: BodyFeed? = BodyFeed(resume: {})
        let body = feed?.body
        _ = feed?.push(ByteBuffer(string: "half"))
        feed = nil
        await #expect(throws: BodyBrokeOff.self) { try await body?.collect(upTo: 100) }
    }
}
