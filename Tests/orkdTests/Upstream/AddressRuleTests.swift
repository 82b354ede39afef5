// Upstream: what connections to the upstream may lead to.
// Here: the rule about addresses, and that it is asked before a byte is sent.
// Not here: what answers mean (ORKitTests) or how they are relayed (orkdTests/Proxy).

import MockUpstream
import NIOCore
import ORKTestSupport
import ORKit
import Testing

@testable import orkd

@Suite("addresses of the upstream")
struct AddressRuleTests {
    @Test(
        "addresses of the own machine and network are not public",
        arguments: [
            "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1", "100.127.255.255", "192.0.0.8", "198.18.0.1", "224.0.0.1", "255.255.255.255",
            "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1",
            "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1",
        ])
    func own(text: String) throws {
        #expect(!AddressRule.isPublic(try SocketAddress(ipAddress: text, port: 443)))
    }

    @Test(
        "addresses beside those ranges are public",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255", "192.169.0.0", "169.253.0.1", "223.255.255.255",
            "2606:4700::6810:1", "2001:db8::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1",
        ])
    func others(text: String) throws {
        #expect(AddressRule.isPublic(try SocketAddress(ipAddress: text, port: 443)))
    }

    @Test("what is no address of the internet is not public")
    func nothing() throws {
        #expect(!AddressRule.isPublic(nil))
        #expect(!AddressRule.isPublic(try SocketAddress(unixDomainSocketPath: "/tmp/x")))
        #expect(!AddressRule.isPublic(v4: [1, 2, 3]) && !AddressRule.isPublic(v6: [1, 2, 3]))
    }

    @Test(
        "a name that leads into the own network gets no key, not a byte of a request", .timeLimit(.minutes(1))
    )
    func refused() async throws {
        var plan = DataPath.Plan()
        plan.allowsPrivateAddresses = false
        try await DataPath.run(plan) { path in
            let reply = try await path.caller.chat()
            #expect(reply.status == 502)
            #expect(path.mock.requests.isEmpty)
            let record = try await path.records.next()
            #expect(record.attempts.allSatisfy { $0.verdict.cause == .unreachable && $0.status == 0 })
        }
    }
}
