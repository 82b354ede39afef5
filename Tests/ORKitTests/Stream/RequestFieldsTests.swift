import Testing

@testable import ORKit

@Suite("Request body fields")
struct RequestFieldsTests {
    private func scan(_ text: String, complete: Bool = true) -> RequestFieldsResult {
        Array(text.utf8).withUnsafeBytes { RequestFields.scan($0, complete: complete) }
    }

    private func fields(_ text: String, complete: Bool = true) -> RequestFields? {
        guard case .fields(let fields) = scan(text, complete: complete) else { return nil }
        return fields
    }

    private func rule(_ text: String) -> String? {
        guard case .refused(let code, let rule) = scan(text) else { return nil }
        #expect(code == .badBody)
        return rule.description
    }

    @Test("what decides something is read, wherever it stands")
    func reads() throws {
        let text = """
             { "messages":[{"role":"user","content":"\\"model\\":\\"evil\\", \\u00e4"}], "n" : 2 ,
             "model":"openai/gpt-4o:free","stream":true,"max_tokens":10,"max_completion_tokens":30,
             "models":["a",{"b":[1]}],"user":"u","nested":{"model":"other","stream":false},
             "session_id":"s\\"1","prompt_cache_key":"p","temperature":-0.5e+3}\n
            """
        let read = try #require(fields(text))
        #expect(read.model == "openai/gpt-4o:free")
        #expect(read.stream)
        #expect(read.n == 2)
        #expect(read.maxTokens == 30)
        #expect(read.hasUser)
        let bytes = [UInt8](text)
        #expect(read.models.map { Array(bytes[$0]).text } == "[\"a\",{\"b\":[1]}]")
        #expect(read.fallbacks == nil)
        #expect(read.session.map { Array(bytes[$0]).text } == "s\\\"1")
    }

    @Test("the cache key stands in for an absent session, whatever the order")
    func session() {
        for text in [
            #"{"session_id":"s","prompt_cache_key":"p"}"#, #"{"prompt_cache_key":"p","session_id":"s"}"#,
        ] {
            #expect(fields(text)?.session.map { Array([UInt8](text)[$0]).text } == "s")
        }
        let only = #"{"prompt_cache_key":"p"}"#
        #expect(fields(only)?.session.map { Array([UInt8](only)[$0]).text } == "p")
        #expect(fields(#"{"session_id":5}"#)?.session == nil)
    }

    private func opening(_ text: String, complete: Bool = true) -> String? {
        fields(text, complete: complete)?.opening.map { Array([UInt8](text)[$0]).text }
    }

    @Test("a conversation opens with its first message, and the second after an instruction [ruling 16]")
    func opening() {
        let (system, user) = (
            #"{"content":[{"role":"x"}], "role" : "system"}"#, #"{"role":"user","content":"hi"}"#
        )
        let answer = #"{"role":"assistant","content":"hello"}"#
        #expect(opening(#"{"messages":[\#(system),\#(user)]}"#) == "\(system),\(user)")
        #expect(opening(#"{"messages":[\#(system),\#(user),\#(answer),\#(user)]}"#) == "\(system),\(user)")
        #expect(opening(#"{"messages":[\#(user)]}"#) == user)
        #expect(opening(#"{"messages":[\#(user),\#(answer),\#(user)],"n":1}"#) == user)
        #expect(
            opening(#"{"input":[{"role":"developer"},\#(user),\#(answer)]}"#) == #"{"role":"developer"},"#
                + user)
        #expect(opening(#"{"messages":[\#(system),\#(user)"#, complete: false) == "\(system),\(user)")
        #expect(opening(#"{"messages":[\#(system),{"role":"us"#, complete: false) == system)
    }

    @Test("what is no list of messages opens nothing, and is as valid as before")
    func noOpening() {
        for text in [
            "{}", #"{"messages":[]}"#, #"{"messages":null}"#, #"{"messages":"x"}"#, #"{"input":"x"}"#,
            #"{"input":["a",{"role":"user"}]}"#, #"{"input":[[1,2],[3]]}"#, #"{"messages":{"a":[1]}}"#,
        ] {
            #expect(fields(text) != nil && opening(text) == nil, "\(text)")
        }
        #expect(opening(#"{"messages":[{}]}"#) == "{}")
        for text in [
            #"{"messages":[{"role":"user",}]}"#, #"{"messages":[{"role" "user"}]}"#, #"{"messages":[{]}"#,
            #"{"messages":[1,]}"#, #"{"messages":[{"a":1}{}]}"#, #"{"messages":[{"a":1}"#,
        ] {
            #expect(rule(text) != nil, "\(text)")
        }
        let deep = String(repeating: "[", count: 126) + String(repeating: "]", count: 126)
        #expect(fields(#"{"messages":[\#(deep)]}"#) != nil)
        #expect(rule(#"{"messages":[[\#(deep)]]}"#) == "too-deep")
    }

    @Test("an empty object has no fields")
    func empty() {
        #expect(fields("{}")?.model == nil)
        #expect(fields(" {\n} ")?.stream == false)
    }

    @Test("null counts as absent")
    func nulls() {
        let read = fields(
            #"{"model":null,"stream":null,"max_tokens":null,"models":null,"user":null,"n":null}"#)
        #expect(read != nil)
        #expect(read?.model == nil)
        #expect(read?.models == nil)
        #expect(read?.hasUser == false)
    }

    @Test("escapes in a model are decoded")
    func escapedModel() {
        #expect(fields(#"{"model":"a\/b\u002dc\ud83d\ude00"}"#)?.model == "a/b-c\u{1F600}")
    }

    @Test(
        "an escaped spelling is the same field",
        arguments: [
            #"{"mod\u0065l":"x"}"#, #"{"\u006d\u006f\u0064\u0065\u006c":"x"}"#, #"{"m\u006fdel":"x"}"#,
        ])
    func escapedKey(text: String) {
        #expect(fields(text)?.model == "x")
    }

    @Test(
        "a field that decides may stand only once",
        arguments: [
            #"{"model":"a","model":"a"}"#, #"{"model":"a","mod\u0065l":"b"}"#,
            #"{"stream":true,"x":1,"stream":true}"#,
            #"{"max_tokens":1,"max_tokens":2}"#, #"{"n":1,"n":1}"#, #"{"models":[],"models":[]}"#,
            #"{"user":"a","user":"b"}"#, #"{"model":null,"model":"a"}"#,
        ])
    func duplicates(text: String) {
        #expect(rule(text) == "duplicate-field")
    }

    @Test("other fields may stand as often as they like, and deeper ones do not count")
    func harmlessDuplicates() {
        #expect(fields(#"{"a":1,"a":2,"b":{"model":1,"model":2}}"#) != nil)
    }

    @Test(
        "a wrong type is refused",
        arguments: [
            ("model-not-a-string", #"{"model":1}"#), ("model-not-a-string", #"{"model":["a"]}"#),
            ("model-not-a-string", #"{"model":true}"#), ("stream-not-a-boolean", #"{"stream":"true"}"#),
            ("stream-not-a-boolean", #"{"stream":1}"#), ("limit-not-a-number", #"{"max_tokens":"5"}"#),
            ("limit-not-a-whole-number", #"{"max_tokens":-5}"#),
            ("limit-not-a-whole-number", #"{"max_tokens":5.0}"#),
            ("limit-not-a-whole-number", #"{"max_tokens":1e999}"#),
            ("limit-not-a-whole-number", #"{"n":99999999999999999999}"#),
            ("bad-model-name", #"{"model":"\ud800"}"#),
            ("bad-model-name", #"{"model":"\ud800\u0041"}"#), ("bad-model-name", #"{"model":"\udc00"}"#),
        ])
    func types(rule expected: String, text: String) {
        #expect(rule(text) == expected)
    }

    @Test("a model of 1024 bytes passes, a longer one does not")
    func longModel() {
        let name = String(repeating: "m", count: 1024)
        #expect(fields("{\"model\":\"\(name)\"}")?.model == name)
        #expect(rule("{\"model\":\"\(name)m\"}") == "bad-model-name")
    }

    @Test("a model that is not UTF-8 is refused")
    func notUTF8() {
        let bytes = [UInt8](#"{"model":"a"#) + [0xFF] + [UInt8](#""}"#)
        guard case .refused(_, let rule) = bytes.withUnsafeBytes({ RequestFields.scan($0, complete: true) })
        else {
            Issue.record("not refused")
            return
        }
        #expect(rule.description == "bad-model-name")
    }

    @Test(
        "what is not strictly JSON is refused",
        arguments: [
            ("empty-body", ""), ("json-cut-off", " \n"), ("byte-order-mark", "\u{FEFF}{}"),
            ("not-an-object", "[]"),
            ("not-an-object", "\"a\""), ("not-an-object", "1"), ("not-an-object", "null"),
            ("not-an-object", "model=x"),
            ("string-missing", #"{"a":1,}"#), ("string-missing", "{a:1}"), ("string-missing", "{'a':1}"),
            ("string-missing", "{,}"), ("string-missing", "{// c\n}"), ("colon-missing", #"{"a" 1}"#),
            ("comma-missing", #"{"a":1 "b":2}"#), ("comma-missing", #"{"a":1]"#),
            ("bad-value", #"{"a":[1,]}"#),
            ("bad-value", #"{"a":}"#), ("bad-value", #"{"a":+1}"#), ("bad-value", #"{"a":.5}"#),
            ("bad-value", #"{"a":NaN}"#), ("bad-value", #"{"a":Infinity}"#), ("bad-value", #"{"a":'b'}"#),
            ("bad-literal", #"{"a":tru}"#), ("bad-literal", #"{"a":nul}"#), ("bad-literal", #"{"a":falsy}"#),
            ("comma-missing", #"{"a":truex}"#), ("leading-zero", #"{"a":01}"#),
            ("leading-zero", #"{"a":-00}"#),
            ("bad-number", #"{"a":-}"#), ("bad-number", #"{"a":1.}"#), ("bad-number", #"{"a":1e}"#),
            ("bad-number", #"{"a":1e+}"#), ("comma-missing", #"{"a":1.2.3}"#),
            ("comma-missing", #"{"a":0x10}"#),
            ("bad-escape", #"{"a":"\x"}"#), ("bad-escape", #"{"a":"\u12g4"}"#), ("bad-escape", #"{"\q":1}"#),
            ("control-byte-in-string", "{\"a\":\"b\nc\"}"), ("control-byte-in-string", "{\"a\":\"\u{0}\"}"),
            ("control-byte-in-string", "{\"a\u{1F}\":1}"), ("bytes-after-json", "{}x"),
            ("bytes-after-json", "{}{}"),
            ("bytes-after-json", #"{"a":1},"#), ("json-cut-off", "{"), ("json-cut-off", #"{"a"#),
            ("json-cut-off", #"{"a":1"#), ("json-cut-off", #"{"a":"\"#), ("json-cut-off", #"{"a":"\u00"#),
            ("json-cut-off", #"{"a":[{}"#), ("json-cut-off", #"{"a":tr"#), ("bad-value", "{\"a\":\u{0}1}"),
            ("comma-missing", #"{"a":{"b":1]}"#), ("comma-missing", #"{"a":[1}}"#),
            ("bad-value", "{\"a\":\u{C}1}"),
        ])
    func notJSON(rule expected: String, text: String) {
        #expect(rule(text) == expected)
    }

    @Test("128 levels are enough, more are refused")
    func depth() {
        func nested(_ levels: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1)
                + "}"
        }
        #expect(fields(nested(128)) != nil)
        #expect(rule(nested(129)) == "too-deep")
        #expect(rule(nested(10_000)) == "too-deep")
        let mixed =
            "{\"a\":" + String(repeating: "{\"b\":[", count: 63) + "1" + String(repeating: "]}", count: 63)
            + "}"
        #expect(fields(mixed) != nil)
    }

    @Test("a prefix gives what stands in it, at every cut")
    func prefixes() {
        let text = #"{"a":[1,{"b":"c\n"}],"max_tokens":125,"model":"openai/x","stream":true,"z":null}"#
        let bytes = [UInt8](text)
        for count in 0..<bytes.count {
            guard
                case .fields(let read) = bytes[..<count].withUnsafeBytes({
                    RequestFields.scan($0, complete: false)
                })
            else {
                Issue.record("refused at \(count)")
                continue
            }
            let seen = Array(bytes[..<count]).text
            #expect(read.maxTokens == (seen.contains("125,") ? 125 : nil))
            #expect(read.model == (seen.contains("openai/x\"") ? "openai/x" : nil))
            #expect(read.stream == seen.contains("true"))
        }
    }

    @Test("a fault inside a prefix is still a fault")
    func faultyPrefix() {
        guard case .refused = scan(#"{"model":"a","model":"b""#, complete: false) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("long strings end where they end, at every alignment")
    func longStrings() {
        for length in 0..<200 {
            let text = "{\"c\":\"\(String(repeating: "x", count: length))\\\"\",\"model\":\"m\"}"
            #expect(fields(text)?.model == "m")
            #expect(
                rule("{\"c\":\"\(String(repeating: "x", count: length))\u{1}\"}") == "control-byte-in-string")
        }
    }
}

@Suite("Multipart bodies")
struct MultipartFormTests {
    private let type = [UInt8](#"multipart/form-data; charset=utf-8; boundary="xYz""#)

    private func model(_ text: String, boundary: String = "xYz") -> MultipartForm.Model {
        Array(text.utf8).withUnsafeBytes { RequestFields.model(multipart: $0, boundary: [UInt8](boundary)) }
    }

    private func part(_ disposition: String, _ value: String) -> String {
        "--xYz\r\nContent-Disposition: form-data; \(disposition)\r\nContent-Type: text/plain\r\n\r\n\(value)\r\n"
    }

    @Test("the boundary is read from the type")
    func boundary() {
        #expect(type.withUnsafeBytes { MultipartForm.boundary(contentType: $0) } == [UInt8]("xYz"))
        for bad in [
            "application/json", "multipart/form-data", "multipart/form-data; boundary=",
            "multipart/mixed; boundary=a",
        ] {
            #expect([UInt8](bad).withUnsafeBytes { MultipartForm.boundary(contentType: $0) } == nil)
        }
    }

    @Test("the field is found between others")
    func finds() {
        let body =
            part("name=\"file\"; filename=\"a\"", "\r\n--xY\r\nmodel") + part("name=\"model\"", "whisper-1")
            + "--xYz--\r\n"
        #expect(model(body) == .model("whisper-1"))
        #expect(model("preamble\r\n" + part("name=model", "m") + "--xYz--") == .model("m"))
        #expect(model(part("name=\"other\"", "m") + "--xYz--") == .absent)
    }

    @Test("what could be read in two ways is ambiguous")
    func ambiguous() {
        #expect(model(part("name=\"model\"", "a") + part("name=\"model\"", "b") + "--xYz--") == .ambiguous)
        #expect(model(part("name=\"model\"; filename=\"x\"", "a") + "--xYz--") == .ambiguous)
        #expect(model(part("name=\"model\"", String(repeating: "a", count: 1025)) + "--xYz--") == .ambiguous)
    }

    @Test("every cut gives the field only when it is whole")
    func cuts() {
        let body = [UInt8](part("name=\"a\"", "b") + part("name=\"model\"", "whisper-1") + "--xYz--\r\n")
        for count in 0...body.count {
            let found = body[..<count].withUnsafeBytes {
                RequestFields.model(multipart: $0, boundary: [UInt8]("xYz"))
            }
            #expect(found == .absent || found == .model("whisper-1"))
        }
    }
}
