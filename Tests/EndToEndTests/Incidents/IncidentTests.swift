import MockUpstream
import ORKTestSupport
import Testing

/// `docs/incidents.md`: after each of them no key is lost that is good, and
/// those that are not are found.
@Suite("Incidents") struct IncidentTests {
    @Test("every key is rejected, /key included: nothing is given up, and service is back within ten seconds")
    func rejected() async throws {
        try await withDaemon(Incident.options) { (daemon: DaemonFixture) async throws in
            let incident = try await Incident.begin(daemon)
            for name in Incident.sound { daemon.mock.always(.key(daemon.secret(name)), .unauthorized) }
            let (one, two) = try await incident.suffer("v/m", beside: "v/other")
            for name in Incident.sound { daemon.mock.always(.key(daemon.secret(name)), .usual) }
            let back = try await incident.recover("v/m")
            print("incident a: \(one); \(two); back after \(back)")
            #expect(back < .seconds(10))
            #expect(!one.kinds.union(two.kinds).contains { $0.hasPrefix("401") }, "\(one); \(two)")
            try await incident.judge("v/m")
        }
    }

    @Test("one model is limited by its provider whatever the key: the others are served all the while")
    func limited() async throws {
        try await withDaemon(Incident.options) { (daemon: DaemonFixture) async throws in
            let incident = try await Incident.begin(daemon)
            daemon.mock.always(.model("v/m"), .refuse(.upstreamLimit()))
            let (one, two) = try await incident.suffer("v/m", beside: "v/other")
            daemon.mock.always(.model("v/m"), .usual)
            let back = try await incident.recover("v/m")
            print("incident b: \(one); \(two); back after \(back)")
            #expect(back < .seconds(10))
            #expect(one.served == 0 && two.served == two.count, "\(one); \(two)")
            try await incident.judge("v/m")
        }
    }

    @Test("the network is cut: no key pays for it, and service is back within ten seconds")
    func cut() async throws {
        try await withDaemon(Incident.options) { (daemon: DaemonFixture) async throws in
            let incident = try await Incident.begin(daemon)
            try await daemon.mock.stopListening()
            daemon.mock.closeConnections()
            let (one, two) = try await incident.suffer("v/m", beside: "v/other")
            try await daemon.mock.listenAgain()
            let back = try await incident.recover("v/m")
            print("incident c: \(one); \(two); back after \(back)")
            #expect(back < .seconds(10))
            #expect(one.served == 0 && two.served == 0, "\(one); \(two)")
            try await incident.judge("v/m")
        }
    }

    @Test("one account of five is out of credit: the others carry its callers, and both its keys wait")
    func empty() async throws {
        try await withDaemon(Incident.options) { (daemon: DaemonFixture) async throws in
            let incident = try await Incident.begin(daemon)
            daemon.mock.change(account: "user_one") { $0.credits = .zero }
            let (one, two) = try await incident.suffer("v/m", beside: "v/other")
            print("incident d: \(one); \(two)")
            #expect(one.served == one.count && two.served == two.count, "\(one); \(two)")
            try await incident.judge("v/m", otherwise: ["one-a": "exhausted", "one-b": "exhausted"])
        }
    }

    @Test("the free requests of the day are used up: paid models are served all the while")
    func free() async throws {
        try await withDaemon(Incident.options) { (daemon: DaemonFixture) async throws in
            let incident = try await Incident.begin(daemon)
            // Not midnight, which may be a moment away.
            let reset = MockOpenRouter.Options.wallClock() + 6 * 3_600_000
            daemon.mock.always(.model("v/m:free"), .freeTier(perDay: true, resetAt: reset))
            let (one, two) = try await incident.suffer("v/m:free", beside: "v/m")
            print("incident e: \(one); \(two)")
            // Not 429: the rejected keys stand in the way too.
            #expect(one.served == 0 && one.kinds == ["503 all-keys-resting"], "\(one)")
            #expect(two.served == two.count, "\(two)")
            try await incident.judge("v/m")
        }
    }
}
