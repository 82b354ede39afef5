import MockUpstream
import ORKTestSupport
import Testing

/// One hostile message, to the byte, and the answer that is required.
struct Attack: Sendable {
    let name: String
    let bytes: [UInt8]
    let status: Int
    let code: String

    init(_ name: String, _ bytes: [UInt8], _ status: Int, _ code: String) {
        (self.name, self.bytes, self.status, self.code) = (name, bytes, status, code)
    }

    init(_ name: String, _ text: String, _ status: Int, _ code: String) {
        self.init(name, Array(text.utf8), status, code)
    }

    /// A chat request with these field lines, and whatever follows its head.
    init(
        _ name: String, fields: String, body: String = "", _ status: Int = 400, _ code: String = "bad-request"
    ) {
        self.init(
            name, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n\(body)", status, code)
    }

    /// A chat request whose body is framed so.
    init(_ name: String, chunks: String) {
        self.init(name, fields: "Transfer-Encoding: chunked", body: chunks, 400, "bad-body")
    }

    /// What would be the next request of somebody else, were any part of the
    /// message left over.
    static let smuggled = "GET /v1/models?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
}

/// How often which answer was given.
struct Tally: CustomStringConvertible {
    private var counts: [String: Int] = [:]

    var total: Int { counts.values.reduce(0, +) }

    mutating func add(_ reply: Reply) {
        counts["\(reply.status) \(reply.errorCode ?? "relayed")", default: 0] += 1
    }

    var description: String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0) × \($1)" }.joined(
            separator: ", ")
    }

    /// One line of figures in the output of the tests.
    func print(_ line: String) { Swift.print("B4-\(line): \(total) variants: \(self)") }
}

extension DaemonFixture {
    /// Sends every attack on a connection of its own, with a good credential
    /// and a second request behind it. Each must have exactly the answer that
    /// it states, then the end of the connection, and nothing may have gone
    /// upstream.
    ///
    /// - Parameter follows: what comes behind each attack.
    /// - Returns: how often which answer was given.
    func refuses(_ attacks: [Attack], follows: String = Attack.smuggled) async throws -> Tally {
        var tally = Tally()
        let before = mock.count
        let credential = Array("\r\nAuthorization: Bearer \(clientSecret)\r\n".utf8)
        let host = Array("\r\nHost: x\r\n".utf8)
        for attack in attacks {
            var bytes = attack.bytes
            if let place = bytes.firstPlace(of: host) {
                bytes.replaceSubrange(place + host.count - 2..<place + host.count, with: credential)
            }
            let wire = try await caller(key: nil).wire()
            try await wire.send(bytes + Array(follows.utf8))
            let reply = try await wire.reply()
            #expect(reply.status == attack.status, "\(attack.name): \(reply.text)")
            #expect(reply.errorCode == attack.code, "\(attack.name): \(reply.text)")
            #expect(reply.value("connection") == "close", "\(attack.name)")
            #expect(try await wire.takeAll() == [], "\(attack.name): more than one answer")
            tally.add(reply)
            await wire.close()
        }
        #expect(mock.count == before, "something went upstream")
        return tally
    }
}
