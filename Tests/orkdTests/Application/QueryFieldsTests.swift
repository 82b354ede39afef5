import ORKit
import Testing

@testable import orkd

@Suite("query fields")
struct QueryFieldsTests {
    @Test("fields are decoded, repeated ones kept in order")
    func reads() throws {
        let query = try QueryFields(
            target: "/v1/keys?select=a%2A&select=b%20c&limit=20&since=2026-11-21T14:00:00+02:00",
            known: ["select", "limit", "since"])
        #expect(query.all("select") == ["a*", "b c"])
        #expect(try query.count("limit") == 20)
        #expect(try query.one("since") == "2026-11-21T14:00:00+02:00")
        #expect(try query.one("absent") == nil)
    }

    @Test("an unknown field is refused by name")
    func unknown() {
        #expect(code { try QueryFields(target: "/x?limt=3", known: ["limit"]) } == .unknownField)
    }

    @Test(
        "broken encodings and doubled fields are refused",
        arguments: ["/x?a=%", "/x?a=%4", "/x?a=%zz", "/x?a=%ff"])
    func broken(target: String) {
        #expect(code { try QueryFields(target: target, known: ["a"]) } == .badValue)
        #expect(code { try QueryFields(target: "/x?a=1&a=2", known: ["a"]).one("a") } == .badValue)
    }

    @Test("numbers, switches, words and pairs are checked")
    func typed() throws {
        let query = try QueryFields(
            target: "/x?n=0&m=99999999999999999999&f=yes&s=resting&s=sleepy&tag=a=b=c&tag=%3Dx",
            known: ["n", "m", "f", "s", "tag"])
        #expect(code { try query.count("n") } == .badValue)
        #expect(code { try query.count("m") } == .badValue)
        #expect(code { try query.flag("f") } == .badValue)
        #expect(code { try query.word("s", as: KeyState.self) } == .badValue)
        #expect(code { try query.pairs("tag") } == .badValue)
        #expect(
            code { try QueryFields(target: "/x?tag=a=1&tag=a=2", known: ["tag"]).pairs("tag") } == .badValue)
        #expect(try QueryFields(target: "/x?tag=a=b=c", known: ["tag"]).pairs("tag") == ["a": "b=c"])
    }

    private func code<Value>(_ body: () throws -> Value) -> ErrorCode? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? CodedError)?.code
        }
    }
}
