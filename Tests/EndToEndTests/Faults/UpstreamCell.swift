import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// One cell of the table of upstream faults: a fault, a form, a pool.
struct UpstreamCell {
    let fault: UpstreamFault
    let form: Form
    let expected: Outcome
    let daemon: DaemonFixture
    let deadlines: Deadlines

    /// Scaled down by configuration; see `UpstreamFaultTests`.
    struct Deadlines {
        let connect = Duration.milliseconds(300)
        let head = Duration.seconds(1)
        let idle = Duration.milliseconds(500)
        /// Before the same key is asked again; not configurable.
        let pause = Duration.seconds(1)
        /// What a machine with two busy cores may add.
        let slack = Duration.seconds(2)
    }

    private var isAlone: Bool { daemon.options.keys.count == 1 }
    private var name: String { "\(fault.name), \(form), \(daemon.options.keys.count) keys" }
    private var model: String { form.model(of: fault.name, isFree: fault.isFree) }

    func run() async throws {
        let gate = Gate()
        try await setUp(gate)
        let before = try await views()
        let began = ContinuousClock.now
        let reply = try await ask(gate)
        let took = ContinuousClock.now - began
        if fault.scene == .refusing { try await daemon.mock.listenAgain() }
        checkReply(reply)
        checkTime(took)
        let id = reply.value("ork-request") ?? "none"
        let record = try await daemon.control("GET", "/v1/requests/\(id)").json?["item"]
        let attempts = record?["attempts"]?.elements ?? []
        #expect(attempts.count == expected.attempts, "\(name): \(attempts.map(\.encoded))")
        let quality = record?["usage"]?["quality"]?.text
        // Whether a part of the request left before the reset came is a matter of microseconds.
        let isEitherWay = fault.scene == .dropping && quality == UsageQuality.none.name
        #expect(quality == expected.usage.name || isEitherWay, "\(name)")
        checkUpstream()
        try await checkKeys(attempts.compactMap { $0["key"]?.text }, before)
    }

    // What is arranged

    /// A good answer, after which no gate is closed, and no failures are left
    /// that would close one. Behind one that the last cell closed it comes
    /// after a second.
    private func serve(_ act: Act) async throws {
        daemon.mock.script(.model("any/other"), act)
        try await eventually("\(name): a good answer") {
            try await daemon.caller.chat(model: "any/other").status == 200
        }
    }

    private func setUp(_ gate: Gate) async throws {
        try await daemon.resetKeys()
        if !fault.needsOtherOrigin { try await serve(Act.usual.header("Connection", "close")) }
        switch fault.play {
        case .bad(let act):
            let times = isAlone ? expected.attempts : 1
            daemon.mock.script(.model(model), Array(repeating: act(form, gate), count: times))
        case .list(let acts): daemon.mock.script(.model(model), acts(form))
        case .none: break
        }
        switch fault.scene {
        case .used: try await serve(.usual)
        case .refusing: try await daemon.mock.stopListening()
        case .dropping: daemon.mock.dropNextConnections(isAlone ? expected.attempts : 1)
        case .fresh, .silentPort, .unknownName: break
        }
    }

    /// Asks, and opens the gate once the answer has begun.
    private func ask(_ gate: Gate) async throws -> Reply {
        let caller = daemon.caller
        let wire = try await caller.wire()
        let body = Array(Caller.chatBody(model: model, stream: form == .stream).encoded.utf8)
        try await wire.send(caller.head("POST", "/v1/chat/completions", length: body.count) + body)
        let begun = try await wire.beginReply { reply in
            form == .stream ? reply.events.count >= 3 : reply.body.count >= 4096
        }
        gate.open()
        let reply = try await begun.rest()
        await wire.close()
        return reply
    }

    // What is expected

    private func checkReply(_ reply: Reply) {
        let said: Comment = "\(name): \(reply.status) \(reply.text.suffix(300))"
        switch expected.told {
        case .good(let status), .passed(let status):
            #expect(reply.status == status && reply.complete, said)
        case .refused(let status, let code):
            #expect(reply.status == status && reply.complete && reply.errorCode == code.rawValue, said)
            #expect(reply.value("content-type") == "application/json", said)
        case .cut(let code, let inBand):
            #expect(reply.status == 200 && !reply.complete, said)
            let last = reply.events.last.flatMap { JSON(parsing: $0) }
            #expect(last?["error"]?["code"]?.text == (inBand ? code.rawValue : nil), said)
        }
        let again = reply.value("retry-after").flatMap { Int($0) }
        if let wanted = expected.again {
            // A date has no fractions, and moments pass.
            #expect(again.map { (wanted - 1...wanted).contains($0) } == true, said)
        } else {
            #expect(again == nil, said)
        }
    }

    private func checkTime(_ took: Duration) {
        let deadline =
            switch fault.deadline {
            case .none, .stated: Duration.zero
            case .connect: deadlines.connect
            case .head: deadlines.head
            case .idle: deadlines.idle
            }
        let stated = fault.deadline == .stated ? expected.again.map { Duration.seconds($0) } : nil
        let pauses = isAlone ? (stated ?? deadlines.pause) * (expected.attempts - 1) : .zero
        let least = deadline * expected.failedAttempts + pauses
        #expect(took >= least, "\(name)")
        #expect(took <= least + deadlines.slack, "\(name)")
    }

    /// The upstream saw as many requests as there were attempts: nothing was
    /// sent again behind an answer that had begun.
    private func checkUpstream() {
        let seen = daemon.mock.requests.count { $0.model == model }
        switch fault.scene {
        case .fresh: #expect(seen == expected.attempts, "\(name)")
        // The attempt that met a dead connection is made once more.
        case .used: #expect(seen == expected.attempts + 1, "\(name)")
        case .dropping: #expect(seen == (isAlone ? 0 : 1), "\(name)")
        case .refusing, .silentPort, .unknownName: #expect(seen == 0, "\(name)")
        }
    }

    private func views() async throws -> [String: JSON] {
        var views: [String: JSON] = [:]
        for name in daemon.options.keys { views[name] = try await daemon.key(name) }
        return views
    }

    /// The first key bears the mark, with three keys the last one that served
    /// has a success, and nobody else has anything.
    private func checkKeys(_ tried: [String], _ before: [String: JSON]) async throws {
        let after = try await views()
        for key in daemon.options.keys {
            func grown(_ counter: String) -> Int64 {
                func count(_ views: [String: JSON]) -> Int64 {
                    views[key]?["counters"]?[counter]?.integer ?? .min
                }
                return count(after) - count(before)
            }
            let uses = Int64(tried.count { $0 == key })
            let successes: Int64 = expected.isGood && tried.last == key ? 1 : 0
            #expect(grown("attempts") == uses, "\(name), attempts of \(key)")
            #expect(grown("successes") == successes, "\(name), successes of \(key)")
            guard key == tried.first else { continue }
            let failed = uses - successes
            let mark = fault.mark
            #expect(grown("failures") == (mark.count == .failure ? failed : 0), "\(name), failures")
            #expect(grown("rate_limited") == (mark.count == .limited ? failed : 0), "\(name), limits")
            checkState(after[key])
        }
    }

    private func checkState(_ key: JSON?) {
        let said: Comment = "\(name): \(key?.encoded ?? "no key")"
        #expect(key?["state"]?.text == fault.mark.state.rawValue, said)
        let rests = key?["resting_models"]?.elements ?? []
        let expectedRest: (String, Int)? =
            switch fault.mark.rest {
            case .model(let seconds): (model, seconds)
            case .models(let name, let seconds): (name, seconds)
            case nil: nil
            }
        #expect(rests.map { $0["model"]?.text } == [expectedRest?.0].filter { $0 != nil }, said)
        guard let seconds = expectedRest?.1, let until = rests.first?["until"]?.text else { return }
        let left = WallTime(rfc3339: until)?.milliseconds(
            since: WallTime(milliseconds: MockOpenRouter.Options.wallClock()))
        let range = Int64(seconds - 6) * 1000...Int64(seconds) * 1000
        #expect(left.map { range.contains($0) } == true, said)
    }
}
