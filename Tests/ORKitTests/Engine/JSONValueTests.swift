import Testing

@testable import ORKit

@Suite("JSONValue")
struct JSONValueTests {
    @Test(
        "valid documents are read",
        arguments: [
            ("null", JSONValue.null), (" true ", .bool(true)), ("-0.5e+3", .number("-0.5e+3")),
            ("[]", .array([])),
            ("{}", .object([])), (#""a\"\\\/\n\u00e9\ud83d\ude00""#, .string("a\"\\/\né😀")),
            (#""\ud83d""#, .string("\u{FFFD}")), (#""\ud83dA""#, .string("\u{FFFD}A")),
            ("[1,[2,{}]]", .array([.number("1"), .array([.number("2"), .object([])])])),
        ] as [(String, JSONValue)])
    func reads(text: String, value: JSONValue) {
        #expect(JSONValue(Array(text.utf8)) == value)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "{a:1}", "01", "1.", ".5", "1e", "+1", "tru",
            "nul", "\"",
            "\"\\x\"", "\"\u{1}\"", "\"\\u12g4\"", "1 2", "{}}", "'a'", "NaN", "[1 2]", "{\"a\":1,}", "-",
        ])
    func refuses(text: String) {
        #expect(JSONValue(Array(text.utf8)) == nil)
    }

    @Test("the first of two members of one name counts")
    func firstWins() throws {
        let value = try #require(JSONValue(Array(#"{"a":1,"a":2}"#.utf8)))
        #expect(value["a"]?.integer == 1)
    }

    @Test("paths lead through objects and end quietly where there is none")
    func paths() throws {
        let value = try #require(JSONValue(Array(#"{"a":{"b":{"c":"x"}},"d":[{"e":7}]}"#.utf8)))
        #expect(value[path: "a", "b", "c"]?.string == "x")
        #expect(value[path: "a", "x", "c"] == nil)
        #expect(value["d"]?.first?["e"]?.scalar == "7")
        #expect(value["a"]?.first == nil)
    }

    @Test("64 levels are read, 65 are not, and 64 KiB is the end")
    func bounds() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(JSONValue(nested(64)) != nil)
        #expect(JSONValue(nested(65)) == nil)
        #expect(JSONValue(prefix: nested(100_000)) == nil)
        let long = Array(("\"" + String(repeating: "a", count: 65_534) + "\"").utf8)
        #expect(JSONValue(long) != nil)
        #expect(JSONValue(long + [0x20]) == nil)
    }

    @Test("a document that was cut off gives what was complete")
    func prefixes() {
        let text = #"{"error":{"code":429,"message":"no","metadata":{"raw":"long text that is cut"#
        let value = JSONValue(prefix: Array(text.utf8))
        #expect(value?[path: "error", "code"]?.integer == 429)
        #expect(value?[path: "error", "message"]?.string == "no")
        #expect(value?[path: "error", "metadata", "raw"] == nil)
        #expect(JSONValue(prefix: Array("{\"a\":12".utf8))?["a"] == nil)
        #expect(JSONValue(prefix: Array("<html>".utf8)) == nil)
        #expect(JSONValue(prefix: Array("{\"a\" oops".utf8)) == nil)
    }

    @Test("every prefix and every single wrong byte of a document is survived")
    func neverTraps() {
        let bytes = Array(#"{"a":[1.5e3,"\ud83d\ude00",true,null,{"b":-0}],"c":"\u00e9"}"#.utf8)
        for end in 0...bytes.count {
            _ = JSONValue(Array(bytes[..<end]))
            #expect(end == 0 || JSONValue(prefix: Array(bytes[..<end])) != nil, "prefix of \(end)")
        }
        for place in bytes.indices {
            for byte in [0x00, 0x22, 0x5C, 0x7B, 0x7D, 0x5B, 0x5D, 0x2C, 0x65, 0x2D, 0xFF] as [UInt8] {
                var broken = bytes
                broken[place] = byte
                _ = JSONValue(broken)
                _ = JSONValue(prefix: broken)
            }
        }
    }
}
