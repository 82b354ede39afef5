import Testing

@testable import ORKit

@Suite("Models that a client may use")
struct AllowedModelsTests {
    private func list(_ texts: String...) -> AllowedModels {
        AllowedModels(texts.compactMap { BytePattern($0) })
    }

    private func refusal(_ body: String, _ list: AllowedModels) -> ModelRefusal? {
        Array(body.utf8).withUnsafeBytes { list.refusal(in: $0) }
    }

    @Test("a star stands for any text, a question mark for one byte, the rest for itself")
    func patterns() throws {
        let cases: [(String, String, Bool)] = [
            ("openai/gpt-5", "openai/gpt-5", true), ("openai/gpt-5", "openai/gpt-5:free", false),
            ("openai/*", "openai/gpt-5:free", true), ("openai/*", "openai", false), ("*", "a", true),
            ("*:free", "a/b:free", true), ("*:free", "a/b:free:x", false), ("a/?", "a/b", true),
            ("a/?", "a/bc", false), ("a*b*c", "aXbYbZc", true), ("a*b*c", "acb", false),
            ("openai/*", "OpenAI/gpt-5", false), ("**", "x", true), ("a", "", false),
        ]
        for (pattern, name, fits) in cases {
            #expect(try #require(BytePattern(pattern)).matches(name) == fits, "\(pattern) \(name)")
        }
        for text in ["", "a b", "a,b", "ä", "a\n", String(repeating: "a", count: 257)] {
            #expect(BytePattern(text) == nil, "\(text)")
        }
    }

    @Test("a pattern made to take long takes no longer than its length times that of the name")
    func hostilePattern() throws {
        let pattern = try #require(BytePattern(String(repeating: "a*", count: 128)))
        let name = String(repeating: "a", count: 1023) + "b"
        let clock = ContinuousClock()
        let time = clock.measure { for _ in 0..<10 { #expect(pattern.matches(name)) } }
        let never = try #require(BytePattern(String(repeating: "a*", count: 127) + "c"))
        let other = clock.measure { for _ in 0..<10 { #expect(!never.matches(name)) } }
        // Exponential work would not end at all.
        #expect(time + other < .seconds(20))
    }

    @Test("presets, aliases and routers need an entry that is exactly their name [K-26]")
    func standIns() {
        let all = list("*", "openrouter/*", "@preset/*", "~*")
        for name in [
            "@preset/cheap", "openai/gpt-5@preset/cheap", "~openai/latest", "openrouter/auto",
            "OpenRouter/Auto", "openrouter/free", " openrouter/auto", "\topenai/gpt-5", "", "a\u{FF20}b",
        ] {
            #expect(!all.permits(name), "\(name)")
        }
        #expect(all.permits("openai/gpt-5"))
        for name in ["@preset/cheap", "~openai/latest", "openrouter/auto"] {
            #expect(list(name).permits(name))
            #expect(!list(name).permits(name + "x"))
        }
    }

    @Test("every model that could answer is looked at: model, models, fallbacks and preset")
    func bodies() {
        let openai = list("openai/*", "@preset/good")
        #expect(refusal(#"{"model":"openai/a"}"#, openai) == nil)
        #expect(refusal(#"{"model":"x/a"}"#, openai) == .model("x/a"))
        #expect(refusal(#"{"model":"openai/a","models":["openai/b","x/c"]}"#, openai) == .model("x/c"))
        #expect(refusal(#"{"model":"openai/a","models":[]}"#, openai) == nil)
        #expect(refusal(#"{"models":["openai/b"]}"#, openai) == nil)
        #expect(
            refusal(#"{"model":"openai/a","fallbacks":[{"model":"openai/b"},{"model":"x/d"}]}"#, openai)
                == .model("x/d"))
        #expect(refusal(#"{"model":"openai/a","preset":"good"}"#, openai) == nil)
        #expect(refusal(#"{"model":"openai/a","preset":"bad"}"#, openai) == .model("@preset/bad"))
        #expect(refusal(#"{"messages":[]}"#, openai) == .unnamed)
        #expect(refusal(#"{"model":null,"models":null}"#, openai) == .unnamed)
    }

    @Test("what could name another model to another reader is refused")
    func hostileBodies() {
        let openai = list("openai/*")
        for body in [
            #"{"model":"openai/a","model":"x/b"}"#, #"{"model":"openai/a","mod\u0065l":"x/b"}"#,
            #"{"model":"openai/a","models":"x/b"}"#, #"{"model":"openai/a","models":[["x/b"]]}"#,
            #"{"model":"openai/a","models":[{"model":"openai/a","model":"x/b"}]}"#,
            #"{"model":"openai/a","models":[{"id":"x/b"}]}"#, #"{"model":"openai/a","models":[null]}"#,
            #"{"model":"openai/a"} {"model":"x/b"}"#, #"{"model":"openai/a""#, "[]", "",
            #"{"model":"openai/a","preset":["x"]}"#, "\u{FEFF}{}", #"{"model":["x/b"]}"#,
        ] {
            #expect(refusal(body, openai) == .unreadable, "\(body)")
        }
        // An escaped spelling is the same name.
        #expect(refusal(#"{"model":"openai/a","mod\u0065ls":["x/b"]}"#, openai) == .model("x/b"))
        #expect(refusal(#"{"model":"\u0078/b"}"#, openai) == .model("x/b"))
    }
}
