import Testing

@testable import ORKit

@Suite("Rules of a client")
struct ClientRulesTests {
    private func rules(_ change: (inout AllowLists) -> Void) throws -> ClientRules {
        var lists = AllowLists()
        change(&lists)
        return try #require(ClientRules(lists))
    }

    private func covers(_ domain: String, _ page: String) throws -> Bool {
        let domain = try #require(ReferrerDomain(domain))
        return Array(page.utf8).withUnsafeBytes { domain.covers($0) }
    }

    @Test("a domain covers its own pages and those of its subdomains")
    func referrers() throws {
        for page in [
            "https://example.com", "https://example.com/", "http://example.com:8080/a?b#c",
            "https://app.example.com/", "https://a.b.example.com", "HTTPS://App.Example.COM/x",
            "https://example.com./", "https://example.com?x", "https://example.com#x",
        ] {
            #expect(try covers("example.com", page), "\(page)")
        }
        #expect(try covers("Example.com", "https://example.com"))
        #expect(try covers("localhost", "http://localhost:3000"))
    }

    @Test("look-alikes, users in front, other schemes and unclear bytes are not covered")
    func hostileReferrers() throws {
        for page in [
            "https://evilexample.com", "https://example.com.evil.com/", "https://example.com@evil.com/",
            "https://evil.com/?https://example.com", "https://evil.com#.example.com",
            "https://evil.com\\.example.com", "https://evil.com\\@example.com/", "null", "", "example.com",
            "//example.com", "ftp://example.com", "https:///example.com", "https://.example.com.evil",
            "https://example.com:80:90/", "https://example.com:x/", "https://ex\u{E4}mple.com",
            "https://example.com\n", "https:// example.com", "https://evil.com/.example.com", "https://",
            "https://[::1]/example.com", "javascript:https://example.com", "https://example%2ecom",
        ] {
            #expect(try !covers("example.com", page), "\(page)")
        }
        for text in ["", ".example.com", "example..com", "exa mple.com", "*.example.com", "a/b", "ä.com"] {
            #expect(ReferrerDomain(text) == nil, "\(text)")
        }
    }

    @Test("paths are held against the list as they go upstream")
    func endpoints() throws {
        let some = try rules { $0.endpoints = ["chat/completions", "models*"] }
        for (path, fits) in [
            ("/v1/chat/completions", true), ("/v1/models", true), ("/v1/models/a/b", true),
            ("/v1/embeddings", false), ("/v1", false), ("/v1/", false), ("", false),
            ("/v1/chat/completions/x", false),
        ] {
            #expect(some.permits(path: Array(path.utf8)) == fits, "\(path)")
        }
        #expect(AllowLists.endpoint("/v1/chat/completions") == "chat/completions")
        #expect(AllowLists.endpoint("chat/*") == "chat/*")
        for text in ["", "/", "/v1/", "a b", "a%2fb", "a\\b"] {
            #expect(AllowLists.endpoint(text) == nil, "\(text)")
        }
    }

    @Test("no list allows everything, an unreadable one nothing, and what is unknown is not on a list")
    func closed() throws {
        #expect(ClientRules(AllowLists()) == nil)
        let address = NetAddress("127.0.0.1")
        let broken = try rules {
            $0.addresses = ["x"]
            $0.referrers = ["x y"]
            $0.endpoints = [""]
            $0.models = [""]
        }
        #expect(!broken.permits(address: address))
        #expect(!broken.permits(path: Array("/v1/models".utf8)))
        #expect(!Array("https://example.com".utf8).withUnsafeBytes { broken.permits(page: $0) })
        #expect(broken.models?.permits("a") == false)
        let home = try rules { $0.addresses = ["127.0.0.0/8", "::1"] }
        #expect(home.permits(address: address) && home.permits(address: NetAddress("::1")))
        #expect(!home.permits(address: NetAddress("10.0.0.1")) && !home.permits(address: nil))
        #expect(home.permits(page: nil) && home.permits(path: []))
        #expect(try !rules { $0.referrers = ["example.com"] }.permits(page: nil))
    }
}
