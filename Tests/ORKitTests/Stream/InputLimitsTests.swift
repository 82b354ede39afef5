import Testing

@testable import ORKit

@Suite("limits on what a request body holds")
struct InputLimitsTests {
    private func excess(_ body: String) -> String? {
        var limits = InputLimits()
        limits.messages = 2
        limits.model = 5
        limits.metadata = 1
        return Array(body.utf8).withUnsafeBytes { limits.excess(in: $0) }
    }

    @Test(
        "what is within them is let through",
        arguments: [
            "{}", #"{"model":"abcde","messages":[{},[1,2,3]],"metadata":{"a":{"b":1,"c":2}}}"#,
            #"{"messages":[],"metadata":{},"model":null}"#, #"{"messages":"text","metadata":[1]}"#,
            #"{"input":{"messages":[1,2,3]},"other":[1,2,3]}"#, #"{"messages":{"a":1,"b":2}}"#,
        ])
    func within(_ body: String) { #expect(excess(body) == nil) }

    @Test(
        "what is beyond is named, also where its name is escaped",
        arguments: [
            (#"{"messages":[1,2,3]}"#, "messages: 3 items, at most 2 are allowed"),
            (#"{"a":1, "m\u0065ssages" : [ {} , [] , "x" ]}"#, "messages: 3 items, at most 2 are allowed"),
            (#"{"model":"abcdef"}"#, "model: 6 bytes, at most 5 are allowed"),
            (#"{"metadata":{"a":1,"b":2}}"#, "metadata: 2 entries, at most 1 are allowed"),
        ])
    func beyond(_ body: String, _ words: String) { #expect(excess(body) == words) }

    @Test("nothing is limited by default")
    func off() { #expect(!InputLimits().isOn) }
}
