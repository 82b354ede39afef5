import Glibc
import Testing

@testable import ORKit

@Suite("Addresses of callers")
struct AddressTests {
    private func contains(_ range: String, _ address: String) throws -> Bool {
        try #require(AddressRange(range)).contains(try #require(NetAddress(address)))
    }

    @Test("a range holds the addresses that begin alike, of its own family")
    func ranges() throws {
        let cases: [(String, String, Bool)] = [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.4", false),
            ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true), ("::/0", "127.0.0.1", false), ("::1", "::1", true),
            ("::1", "127.0.0.1", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("192.0.2.128/25", "192.0.2.127", false),
            ("10.0.0.0/8", "::ffff:10.9.9.9", true), ("::ffff:10.0.0.0/104", "10.9.9.9", true),
            ("2001:db8::/127", "2001:db8::1", true), ("2001:db8::/128", "2001:db8::1", false),
        ]
        for (range, address, fits) in cases {
            #expect(try contains(range, address) == fits, "\(range) \(address)")
        }
    }

    @Test("what is no address or range is refused, and what is one is written in one form")
    func forms() {
        for text in [
            "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/", "/8", "10.0.0/8", "10.0.0.256",
            "010.0.0.1", "10.0.0.1.", "1.2.3.4/8/9", "::/129", ":::", "1::2::3", "fe80::1%eth0", "g::",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "12345::", "::1.2.3", "1.2.3.4::", "localhost", " 10.0.0.1",
            "10.0.0.0/+8", "::ffff:10.0.0.0/95", "0x7f.0.0.1", "2130706433", "::٣",
        ] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
        for (text, form) in [
            ("10.1.2.3/8", "10.0.0.0/8"), ("10.1.2.3/32", "10.1.2.3"),
            ("2001:DB8:0:0::1/64", "2001:db8::/64"),
            ("0:0:0:0:0:0:0:1", "::1"), ("::", "::"), ("::ffff:1.2.3.4", "1.2.3.4"),
            ("::ffff:0102:0304/112", "1.2.0.0/16"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:2::", "1:0:2::"),
        ] {
            #expect(AddressRange(text)?.description == form, "\(text)")
        }
    }

    @Test("addresses are read as the C library reads them, and written so that they are read again")
    func differential() {
        var dice = Dice(seed: 8)
        let letters = "0123456789abcdefF::::....%/ ".map { $0 }
        var agreed = 0
        for _ in 0..<20_000 {
            let text: String
            if Bool.random(using: &dice) {
                let count = Int.random(in: 1...18, using: &dice)
                text = String((0..<count).map { _ in letters.randomElement(using: &dice) ?? "0" })
            } else {
                let groups = (0..<8).map { _ in
                    Bool.random(using: &dice)
                        ? "0" : String(UInt16.random(in: 0...9, using: &dice), radix: 16)
                }
                var parts = groups.joined(separator: ":")
                if Bool.random(using: &dice) { parts = parts.replacing("0:0", with: ":", maxReplacements: 1) }
                text = parts
            }
            let own = NetAddress(text)
            var v4 = in_addr()
            var v6 = in6_addr()
            let isKnown = inet_pton(AF_INET, text, &v4) == 1 || inet_pton(AF_INET6, text, &v6) == 1
            #expect((own != nil) == isKnown, "\(text)")
            if let own {
                #expect(NetAddress(own.description) == own, "\(text)")
                agreed += 1
            }
        }
        #expect(agreed > 1000)
    }

    private func find(_ peer: String, _ forwarded: [String], _ trusted: String...) throws -> String? {
        CallerAddress.find(
            peer: try #require(NetAddress(peer)), forwarded: forwarded,
            trusted: trusted.compactMap { AddressRange($0) })?.description
    }

    @Test("the caller is the peer; behind trusted proxies the last hop that none of them is [K-34]")
    func caller() throws {
        #expect(try find("198.51.100.7", ["10.0.0.1"]) == "198.51.100.7")
        #expect(try find("198.51.100.7", ["10.0.0.1"], "127.0.0.1") == "198.51.100.7")
        #expect(try find("127.0.0.1", ["203.0.113.5"], "127.0.0.1") == "203.0.113.5")
        // What the caller itself wrote stands further left.
        #expect(try find("127.0.0.1", ["10.9.9.9, 203.0.113.5"], "127.0.0.1") == "203.0.113.5")
        #expect(try find("127.0.0.1", ["10.9.9.9", "203.0.113.5"], "127.0.0.1") == "203.0.113.5")
        #expect(try find("127.0.0.1", ["203.0.113.5, 10.0.0.2"], "127.0.0.1", "10.0.0.0/8") == "203.0.113.5")
        #expect(
            try find("127.0.0.1", ["203.0.113.5,10.0.0.2 ", " , 10.0.0.3"], "127.0.0.0/8", "10.0.0.0/8")
                == "203.0.113.5")
        #expect(try find("127.0.0.1", [], "127.0.0.1") == "127.0.0.1")
        #expect(try find("127.0.0.1", ["10.0.0.1"], "127.0.0.0/8", "10.0.0.0/8") == "10.0.0.1")
        #expect(try find("127.0.0.1", ["203.0.113.5:4711"], "127.0.0.1") == "203.0.113.5")
        #expect(try find("127.0.0.1", ["[2001:db8::1]:4711"], "127.0.0.1") == "2001:db8::1")
        #expect(try find("::1", ["2001:db8::1"], "::1") == "2001:db8::1")
    }

    @Test("a hop that is no address is nobody, whatever stands before it")
    func hostileHops() throws {
        for value in [
            "unknown", "_hidden", "10.0.0.1;x", "10.0.0.1, evil", "203.0.113.5:", "203.0.113.5:x", "[::1",
            "[::1]x", "[10.0.0.1", "10.0.0.1\u{0}", "999.1.1.1", "::1%lo", "203.0.113.5:1234567",
        ] {
            #expect(try find("127.0.0.1", ["10.0.0.1", value], "127.0.0.1") == nil, "\(value)")
        }
    }
}
