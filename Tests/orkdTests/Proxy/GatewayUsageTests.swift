import ORKit
import Testing

@testable import orkd

@Suite("what a metered caller is told")
struct GatewayUsageTests {
    private let usage = GatewayUsage(charged: 25, balance: 975, maskedKey: "gw_live_…9c41")
    private let object = #"{"tokens_charged":25,"user_balance_after":975,"user_api_key":"gw_live_…9c41"}"#

    @Test("a member, an event and a comment say the same")
    func shapes() {
        #expect(text(usage.member) == ",\"gateway_usage\":\(object)")
        #expect(text(usage.comment) == ": gateway_usage \(object)\n\n")
        #expect(
            text(usage.chunk(of: "a/b", generation: "gen-1"))
                == #"data: {"id":"gen-1","object":"chat.completion.chunk","created":0,"model":"a/b","#
                + "\"choices\":[],\"gateway_usage\":\(object)}\n\n")
        #expect(text(usage.chunk(of: nil, generation: nil)).hasPrefix(#"data: {"id":"","object":"#))
    }

    @Test("there is room for the longest numbers, and for texts of which every byte is escaped")
    func longest() {
        let wild = String(repeating: "\u{1}", count: 400)
        let usage = GatewayUsage(charged: .min, balance: .min, maskedKey: wild)
        let object =
            #"{"tokens_charged":\#(Int64.min),"user_balance_after":\#(Int64.min),"user_api_key":"#
            + "\"\(String(repeating: #"\u0001"#, count: 400))\"}"
        #expect(text(usage.member) == ",\"gateway_usage\":\(object)")
        #expect(text(usage.comment) == ": gateway_usage \(object)\n\n")
        #expect(text(usage.chunk(of: wild, generation: wild)).hasSuffix("\"gateway_usage\":\(object)}\n\n"))
    }

    @Test("there is room for the longest lines of a limit, and the lines are those of the fields")
    func limits() {
        let told = RateLimitFields(limit: .min, remaining: .min, reset: WallTime(milliseconds: .min))
        let lines = [UInt8](atMost: RateLimitFields.longest) { told.write(to: &$0) }
        #expect(!lines.isEmpty)
        #expect(text(lines) == told.fields.map { "\($0): \($1)\r\n" }.joined())
    }

    @Test("quotes, backslashes and control characters are escaped one by one")
    func escaping() {
        let bytes = [UInt8](atMost: ByteWriter.longest(json: "a\"b\\c\n\u{7F}é")) {
            $0.put(json: "a\"b\\c\n\u{7F}é")
        }
        #expect(text(bytes) == #""a\"b\\c\u000a\u007fé""#)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
