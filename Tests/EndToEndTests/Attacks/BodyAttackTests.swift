import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 20 and 21: bodies that two parsers could read
/// differently. What is decided is decided on exactly the bytes that go on.
@Suite("Attacks with JSON") struct BodyAttackTests {
    /// Bodies that must be refused, by what is wrong with them.
    private static let ambiguous: [(String, [UInt8])] = {
        func body(_ text: String) -> (String, [UInt8]) { (String(text.prefix(60)), Array(text.utf8)) }
        let tail = #""messages":[]}"#
        let texts: [String] = [
            #"{"model":"a","model":"b",\#(tail)"#, #"{"model":"a","mod\u0065l":"b",\#(tail)"#,
            #"{"\u006dodel":"a","model":"b",\#(tail)"#,
            #"{"\u006d\u006f\u0064\u0065\u006c":"a","model":"a",\#(tail)"#,
            #"{"model":"a",\#(tail.dropLast()),"model":"a"}"#,
            #"{"stream":false,"stream":true,"model":"a",\#(tail)"#,
            #"{"max_tokens":1,"max_tokens":9,"model":"a",\#(tail)"#,
            #"{"max\u005ftokens":1,"max_tokens":9,\#(tail)"#,
            #"{"n":1,"n":9,\#(tail)"#, #"{"models":["a"],"models":["b"],\#(tail)"#,
            #"{"user":"a","user":"b",\#(tail)"#,
            #"{"fallbacks":[],"fallbacks":[],\#(tail)"#, #"{"session_id":"a","session_id":"b",\#(tail)"#,
            #"{"model":"a",}"#, #"{"model":"a",,"n":1}"#, #"{,"model":"a"}"#, #"{"messages":[1,]}"#,
            #"{"model":"a";"n":1}"#,
            #"{"model":"a"/**/}"#, "{\"model\":\"a\"//x\n}", "/**/{\"model\":\"a\"}", #"{#"model":"a"}"#,
            #"{'model':'a'}"#, #"{model:"a"}"#, #"{"model":'a'}"#, #"{"model":"a"}}"#,
            #"{"model":"a"}{"model":"b"}"#,
            #"{"model":"a"} x"#, #"[{"model":"a"}]"#, #""model""#, "null", "1", "", " ", #"{"model":"a""#,
            #"{"model":"a"#,
            #"{"model""#, "{", #"{"model":"a","x":NaN}"#, #"{"x":Infinity}"#, #"{"x":-Infinity}"#,
            #"{"x":undefined}"#,
            #"{"x":True}"#, #"{"x":+1}"#, #"{"x":01}"#, #"{"x":.5}"#, #"{"x":5.}"#, #"{"x":1e}"#,
            #"{"x":0x10}"#,
            #"{"x":--1}"#, #"{"x":1_000}"#, #"{"max_tokens":-1}"#, #"{"max_tokens":"5"}"#,
            #"{"max_tokens":5.5}"#,
            #"{"max_tokens":1e999}"#, #"{"max_tokens":1e3}"#, #"{"max_tokens":9223372036854775808}"#,
            #"{"max_tokens":[5]}"#, #"{"max_tokens":true}"#, #"{"max_completion_tokens":-1}"#,
            #"{"max_output_tokens":"x"}"#, #"{"n":-1}"#, #"{"n":1.5}"#, #"{"n":"2"}"#, #"{"stream":"true"}"#,
            #"{"stream":1}"#, #"{"model":1}"#, #"{"model":["a"]}"#, #"{"model":{"id":"a"}}"#,
            #"{"x":"a\u12G4"}"#,
            #"{"x":"\x41"}"#, #"{"x":"\"}"#, "{\"x\":\"a\nb\"}", "{\"x\":\"a\u{0}b\"}", "{\"x\":\"a\tb\"}",
            "{\"x\"\u{A0}:1}", "{\u{B}\"x\":1}", "\u{FEFF}{\"model\":\"a\"}", #"{"model":"\ud800"}"#,
            #"{"model":"\udc00a"}"#,
        ]
        func flat(_ text: String) -> [UInt8] { Array(text.utf8) }
        func wide(_ before: Int, _ after: Int) -> [UInt8] {
            flat(#"{"model":"a"}"#).flatMap { byte -> [UInt8] in
                [UInt8](repeating: 0, count: before) + [byte] + [UInt8](repeating: 0, count: after)
            }
        }
        func inside(_ front: String, _ middle: [UInt8], _ back: String) -> [UInt8] {
            flat(front) + middle + flat(back)
        }
        let levels = String(repeating: "[", count: 129) + String(repeating: "]", count: 129)
        let nines = [UInt8](repeating: 0x39, count: 10 << 20)
        let packed: [UInt8] = [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3, 0xAB, 0xAE, 0x05, 0]
        let raw: [(String, [UInt8])] = [
            ("UTF-16, little end first", inside("", [0xFF, 0xFE] + wide(0, 1), "")),
            ("UTF-16, big end first", inside("", [0xFE, 0xFF] + wide(1, 0), "")),
            ("UTF-16 without a mark", wide(0, 1)), ("UTF-32", wide(0, 3)),
            ("a mark of UTF-8", inside("", [0xEF, 0xBB, 0xBF], #"{"model":"a"}"#)),
            ("bytes that are not UTF-8", inside(#"{"model":"a"#, [0xFF], #""}"#)),
            ("an overlong letter", inside(#"{"model":"a"#, [0xC1, 0xA1], #""}"#)), ("packed", packed),
            ("10,000 levels", [UInt8](repeating: 0x5B, count: 10_000)),
            ("10,000 levels of objects", flat(String(repeating: #"{"a":"#, count: 10_000))),
            ("129 levels", flat("{\"x\":" + levels + "}")),
            ("a number of 10 MiB", inside(#"{"max_tokens":"#, nines, "}")),
            ("a name of 10 MiB", inside(#"{"model":""#, nines, #""}"#)),
        ]
        return texts.map(body) + raw
    }()

    @Test("93 ambiguous bodies are 400, and nothing goes upstream", .proves("B4-20", "SE-04"))
    func ambiguous() async throws {
        #expect(Self.ambiguous.count == 93)
        var options = DaemonOptions()
        options.set("proxy", "replay_limit = \"16MiB\"")
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            var tally = Tally()
            for (name, body) in Self.ambiguous {
                let reply = try await daemon.caller.send("POST", "/v1/chat/completions", body: body)
                #expect(
                    reply.status == 400 && reply.errorCode == "bad-body",
                    "\(name.debugDescription): \(reply.text)")
                tally.add(reply)
            }
            #expect(daemon.mock.requests.isEmpty)
            tally.print("20")
        }
    }

    @Test("35 ambiguous bodies of another type, or on another path, are 400 too", .proves("B4-20"))
    func types() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let body = Array(#"{"model":"a","model":"b","messages":[]}"#.utf8)
            var tally = Tally()
            for type in [
                "application/json; charset=utf-8", "text/json", "text/plain",
                "application/x-www-form-urlencoded",
                "application/octet-stream", "application/vnd.api+json",
                "APPLICATION/JSON;x=multipart/form-data",
            ] {
                for path in [
                    "/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/completions",
                    "/v1/embeddings",
                ] {
                    let reply = try await daemon.caller.send(
                        "POST", path, headers: [("Content-Type", type)], body: body)
                    #expect(reply.status == 400, "\(type) \(path): \(reply.text)")
                    tally.add(reply)
                }
            }
            #expect(daemon.mock.requests.isEmpty)
            tally.print("20 types")
        }
    }

    @Test("12 bodies that are odd but plain arrive byte for byte", .proves("B4-20", "SE-04"))
    func odd() async throws {
        let odd = [
            #"{"model":"a","x":1e999,"y":-0,"z":1E+2}"#,
            #"{"model":"a","x":{"model":"b"},"y":[{"model":"c"}]}"#,
            #"{"model":"a","messages":[{"role":"user","content":"( ) ; $ < > ' \" -- `id` {{7*7}} %s %n"}]}"#,
            #"{"model":"a","messages":[{"role":"user","content":"data: {\"usage\":{}}\n\ndata: [DONE]"}]}"#,
            #"{"mod\u0065l":"a"}"#, #"{"model":"\u0061"}"#, #"{"model":"a","Model":"b","MODEL":"c"}"#,
            #"{"model":null,"stream":null,"max_tokens":null}"#, " \t\r\n{ \"model\" : \"a\" } \r\n", "{}",
            #"{"model":"a","x":"\ud83d\ude00 \u0000 \u2028"}"#,
            "{\"model\":\"a\",\"x\":" + String(repeating: "[", count: 126)
                + String(repeating: "]", count: 126) + "}",
        ]
        #expect(odd.count == 12)
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.always(.everything, .json(["heard": true]))
            for text in odd {
                let reply = try await daemon.caller.send(
                    "POST", "/v1/chat/completions", body: Array(text.utf8))
                #expect(reply.status == 200, "\(text.prefix(40)): \(reply.text)")
                #expect(daemon.relayed.last?.body == Array(text.utf8))
            }
        }
    }

    @Test("22 ways to name another model arrive as they are, and are recorded as they are", .proves("B4-21"))
    func models() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let names = [
                "openai/gpt-4o:online", "openai/gpt-4o:nitro", "openai/gpt-4o:floor", "openai/gpt-4o:free",
                "@preset/cheap", "openai/gpt-4o@preset/cheap", "openrouter/auto", "OPENAI/GPT-4O",
                " openai/gpt-4o",
                "openai/gpt-4o ", "openai//gpt-4o", "openai/../gpt-4o", "openai/gpt-4o\u{0}",
                "~openai/latest", "*",
                String(repeating: "m", count: 1024),
            ]
            daemon.mock.always(.everything, .json(["heard": true]))
            for name in names {
                let reply = try await daemon.caller.chat(model: name)
                #expect(reply.status == 200, "\(name.debugDescription)")
                #expect(daemon.relayed.last?.model == name)
                #expect(try await daemon.record(of: reply)["model"]?.text == name)
            }
            for (member, value) in [
                ("models", #"["a/b","c/d"]"#), ("route", #""fallback""#), ("provider", #"{"order":["x"]}"#),
                ("plugins", #"[{"id":"web"}]"#), ("transforms", #"["middle-out"]"#), ("preset", #""x""#),
            ] {
                let body = Array(#"{"model":"v/m","\#(member)":\#(value),"messages":[]}"#.utf8)
                let reply = try await daemon.caller.send("POST", "/v1/chat/completions", body: body)
                #expect(reply.status == 200, "\(member)")
                #expect(daemon.relayed.last?.body == body)
                #expect(try await daemon.record(of: reply)["model"]?.text == "v/m")
            }
            print("B4-21: \(names.count + 6) variants")
        }
    }
}
