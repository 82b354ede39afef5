import ORKit
import Testing

@testable import orkd

@Suite("strict JSON")
struct StrictJSONTests {
    @Test("a known type is read")
    func reads() throws {
        let set = try decode(KeySet.self, #"{"select":["a*"],"if_version":3,"tags":{"team":null,"x":"y"}}"#)
        #expect(set.select == ["a*"])
        #expect(set.ifVersion == 3)
        #expect(set.tags?["team"] == .some(nil))
    }

    @Test("an unknown field is refused by name")
    func unknownField() {
        #expect(
            failure(KeyAdd.self, #"{"name":"a","secret":"s","wieght":3}"#)
                == "unknown-field: unknown field “wieght”")
        #expect(
            failure(KeySet.self, #"{"select":[],"ifVersion":3}"#)
                == "unknown-field: unknown field “ifVersion”")
        #expect(failure(ConfigSet.self, #"{"stratgy":"lru"}"#) == "unknown-field: unknown field “stratgy”")
    }

    @Test("a field that is there twice is refused, however it is written and wherever it is")
    func repeated() {
        #expect(
            failure(ConfigSet.self, #"{"strategy":"lru","strategy":"random"}"#)
                == "bad-value: field “strategy” is there twice")
        #expect(
            failure(ConfigSet.self, #"{"strategy":"lru","str\u0061tegy":"lru"}"#)
                == "bad-value: field “strategy” is there twice")
        #expect(
            failure(KeySet.self, #"{"select":[],"tags":{"a":"1","b":"x,\"a\":","a":"2"}}"#)
                == "bad-value: field “a” is there twice")
        #expect(
            failure(KeySet.self, #"{"select":[],"tags":{"sk-or-v1-x":"1","sk-or-v1-x":"2"}}"#)
                == "bad-value: field “…” is there twice")
    }

    @Test("the same name in two objects, as a value, or in a list is nobody's repetition")
    func notRepeated() throws {
        let set = try decode(
            KeySet.self,
            #"{"select":["a","a","select"],"tags":{"select":"tags","x":"}"},"metadata":{"select":"x","x":"\\"}}"#
        )
        #expect(set.select == ["a", "a", "select"])
        #expect(set.metadata?["x"] == .some("\\"))
    }

    @Test("UTF-16 is no JSON here: the search for repetitions would not see it")
    func otherEncoding() {
        let text = #"{"strategy":"lru","strategy":"random"}"#
        let wide = text.utf16.flatMap { (unit) -> [UInt8] in [UInt8(truncatingIfNeeded: unit), 0] }
        #expect(throws: CodedError.self) { _ = try StrictJSON.decode(ConfigSet.self, from: wide) }
    }

    @Test("no bytes make the search for repetitions trap")
    func noTrap() {
        var generator = SeededGenerator(seed: 7)
        let letters = Array(#"{}[]",:\ua1 "#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &generator)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &generator)]
            }
            _ = RepeatedField.first(in: bytes)
        }
    }

    @Test("a wrong value is refused by field and never repeated")
    func wrongValue() {
        #expect(failure(KeyAdd.self, #"{"name":"a"}"#) == "bad-value: field “secret” is missing")
        #expect(
            failure(KeyAdd.self, #"{"name":"a","secret":"s","weight":"sk-or-v1-x"}"#)
                == "bad-value: field “weight” must be a whole number")
        #expect(
            failure(ConfigSet.self, #"{"strategy":"sk-or-v1-x"}"#)
                == "bad-value: field “strategy” has a value that is not allowed")
        #expect(failure(Prune.self, #"[1]"#)?.hasPrefix("bad-value: the body must be") == true)
    }

    @Test("what is not JSON is a bad body", arguments: ["", "{", "null null", "{\"name\":}", "\u{FEFF}["])
    func notJSON(text: String) {
        #expect(failure(KeyAdd.self, text)?.hasPrefix("bad-") == true)
    }

    @Test("nesting without end is a bad body, not a crash")
    func nesting() {
        let text = #"{"name":"# + String(repeating: "[", count: 500_000)
        #expect(failure(KeyAdd.self, text)?.hasPrefix("bad-body") == true)
    }

    @Test("a field name that is a secret is not repeated")
    func secretAsName() {
        let message = failure(ConfigSet.self, #"{"sk-or-v1-0123456789":1}"#)
        #expect(message == "unknown-field: unknown field “…”")
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try StrictJSON.decode(type, from: text.utf8)
    }

    private func failure<Value: Decodable>(_ type: Value.Type, _ text: String) -> String? {
        do {
            _ = try decode(type, text)
            return nil
        } catch let error as CodedError {
            return "\(error.code.rawValue): \(error.message)"
        } catch {
            return "uncoded: \(error)"
        }
    }
}
