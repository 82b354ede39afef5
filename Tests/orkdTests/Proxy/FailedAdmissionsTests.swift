import ORKTestSupport
import ORKit
import Testing

@testable import orkd

/// `reliability.md` B4-17.
@Suite("callers that are not let in")
struct FailedAdmissionsTests {
    private let here = AddressPrefix("203.0.113.7")
    private let second = Int64.second

    @Test(
        "60 failures of an address in a minute are told why, further ones to wait; others are not",
        .proves("B4-17"))
    func limit() {
        var failures = FailedAdmissions(most: 60)
        func wait(_ address: AddressPrefix, _ code: ErrorCode, _ seconds: Int64) -> Int64? {
            failures.note(address, .init(code, at: .proxy), at: seconds * second)
        }
        for attempt in 0..<60 {
            #expect(wait(here, .clientUnknown, Int64(attempt) / 10) == nil, "\(attempt)")
        }
        #expect(wait(here, .clientUnknown, 10) == 50_000)
        #expect(wait(here, .credentialMissing, 59) == 1000)
        #expect(wait(AddressPrefix("203.0.113.8"), .clientUnknown, 59) == nil)
        func report(_ seconds: Int64, early: Bool = false) -> FailedAdmissions.Report? {
            failures.report(at: seconds * second, early: early)
        }
        #expect(report(59) == nil)
        let minute = report(60)
        #expect(minute?.attempts == 63 && minute?.addresses == 2)
        let most = minute?.lines.first
        #expect(most?.address == here && most?.reason.code == .clientUnknown && most?.attempts == 61)
        #expect(wait(here, .clientUnknown, 61) == nil)
        #expect(report(62) == nil)
        #expect(report(62, early: true)?.attempts == 1)
        #expect(report(200) == nil)
    }

    @Test("what is refused to a good key is told, with where it was, and is no guess")
    func otherRefusals() {
        var failures = FailedAdmissions(most: 2)
        func wait(_ code: ErrorCode, _ place: FailedAdmissions.Place) -> Int64? {
            failures.note(here, .init(code, at: place), at: 0)
        }
        for _ in 0..<9 { #expect(wait(.addressNotPermitted, .proxy) == nil) }
        for _ in 0..<8 { #expect(wait(.pathNotPermitted, .admin) == nil) }
        #expect(wait(.clientUnknown, .proxy) == nil)
        #expect(wait(.clientUnknown, .admin) == nil)
        #expect(wait(.rateLimited, .admin) == nil)
        // Guesses are counted together, wherever they are tried.
        #expect(wait(.clientUnknown, .user) == 60_000)
        let lines = failures.report(at: 60 * second)?.lines.map { "\($0.text) \($0.attempts)" } ?? []
        #expect(
            lines.prefix(2) == [
                "203.0.113.7 address-not-permitted 9", "203.0.113.7 path-not-permitted /admin 8",
            ])
        #expect(
            Set(lines.dropFirst(2)) == [
                "203.0.113.7 client-unknown 1", "203.0.113.7 client-unknown /admin 1",
                "203.0.113.7 client-unknown /user 1", "203.0.113.7 rate-limited /admin 1",
            ])
    }

    @Test("without a limit nobody waits, and everything is counted all the same")
    func unlimited() {
        var failures = FailedAdmissions(most: 0)
        for _ in 0..<1000 {
            #expect(failures.note(here, .init(.clientUnknown, at: .proxy), at: 0) == nil)
        }
        #expect(failures.report(at: 60 * second)?.attempts == 1000)
    }

    @Test(
        "a hundred thousand addresses take the room of 4,097, and their failures count together",
        .proves("B4-17"))
    func bounded() {
        var failures = FailedAdmissions(most: 60)
        var told = 0
        for number in 0..<100_000 {
            let text = "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
            let reason = FailedAdmissions.Reason(.clientUnknown, at: .proxy)
            if failures.note(AddressPrefix(text), reason, at: 0) != nil { told += 1 }
        }
        #expect(told == 100_000 - 4096 - 60)
        let report = failures.report(at: 0, early: true)
        #expect(report?.addresses == 4097 && report?.attempts == 100_000)
    }

    @Test("IPv6 counts per /64, and IPv4 in the clothes of IPv6 as IPv4", .proves("B4-17"))
    func prefixes() {
        #expect(AddressPrefix("2001:db8:1:2::1") == AddressPrefix("2001:db8:1:2:ffff:ffff:ffff:ffff"))
        #expect(AddressPrefix("2001:db8:1:2::1") != AddressPrefix("2001:db8:1:3::1"))
        #expect(AddressPrefix("::ffff:192.0.2.1") == AddressPrefix("192.0.2.1"))
        #expect(AddressPrefix("192.0.2.1") != AddressPrefix("192.0.2.2"))
        #expect(AddressPrefix("fe80::1%eth0") == AddressPrefix("fe80::2%eth1"))
        #expect(AddressPrefix("2001:db8:1:2::1").description == "2001:db8:1:2::/64")
        #expect(AddressPrefix("::ffff:192.0.2.1").description == "192.0.2.1")
        for text in ["", "nonsense", "1.2.3", "1.2.3.4.5", "1.2.3.4, 5.6.7.8", "%"] {
            #expect(AddressPrefix(text) == .others, "\(text)")
        }
    }
}
