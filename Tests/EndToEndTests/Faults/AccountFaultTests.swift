import MockUpstream
import ORKTestSupport
import ORKit
import Testing

/// Reliability T5 where accounts have several keys: what is proved of an
/// account is true of all its keys, and none of them is asked after it.
@Suite("Faults of accounts with several keys", .timeLimit(.minutes(20))) struct AccountFaultTests {
    @Test("every cell is as written, and nothing is left of it", arguments: Form.allCases)
    func matrix(_ form: Form) async throws {
        var options = DaemonOptions(keys: AccountFault.keys)
        options.accounts = { String($0.prefix(1)) }
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            // See `UpstreamFaultTests`.
            daemon.mock.always(.path("/key"), .status(500))
            for (place, key) in AccountFault.keys.enumerated() {
                let ran = try await daemon.orkctl("keys", "set", key, "--priority", "\(place)")
                #expect(ran.status == 0, "\(ran.stderr)")
            }
            let leaks = try await Leaks(daemon)
            for fault in AccountFault.all {
                try await run(fault, form, daemon)
                try await leaks.check("\(fault.name), \(form)")
            }
        }
    }

    private func run(_ fault: AccountFault, _ form: Form, _ daemon: DaemonFixture) async throws {
        let model = form.model(of: fault.name, isFree: fault.isFree)
        try await daemon.resetKeys()
        // No gate is closed, and no failures are left that would close one.
        try await eventually("\(fault.name): a good answer") {
            try await daemon.caller.chat(model: "any/other").status == 200
        }
        for key in fault.sick {
            daemon.mock.always(.both(key: daemon.secret(key), model: model), fault.act)
        }
        let reply = try await daemon.caller.chat(model: model, stream: form == .stream)
        let said: Comment = "\(fault.name), \(form): \(reply.status) \(reply.text.suffix(300))"
        switch fault.told {
        case .refused(let status, let code):
            #expect(reply.status == status && reply.errorCode == code.rawValue, said)
        default: #expect(reply.status == 200 && reply.complete, said)
        }
        #expect(reply.value("retry-after").flatMap { Int($0) } == fault.again, said)
        let asked = daemon.mock.requests.filter { $0.model == model }.map { request in
            AccountFault.keys.first { daemon.secret($0) == request.key } ?? "?"
        }
        #expect(asked == fault.asked, said)
        let record = try await daemon.record(of: reply)
        #expect(record["attempts"]?.elements?.compactMap { $0["key"]?.text } == fault.asked, said)
        for key in AccountFault.keys { try await check(key, fault, model, daemon) }
    }

    private func check(
        _ key: String, _ fault: AccountFault, _ model: String, _ daemon: DaemonFixture
    ) async throws {
        let view = try await daemon.key(key)
        var (state, rests): (KeyState, [String]) = (.usable, [])
        if fault.marked.contains(key) {
            switch fault.mark {
            case .state(let marked): state = marked
            case .empty: (state, rests) = (.exhausted, [":paid"])
            case .rests(let models): rests = [models ?? model]
            }
        }
        let said: Comment = "\(fault.name), \(key): \(view.encoded)"
        #expect(view["state"]?.text == state.rawValue, said)
        #expect(view["resting_models"]?.elements?.compactMap { $0["model"]?.text } ?? [] == rests, said)
        #expect(view["in_flight"]?.integer == 0, said)
    }
}
