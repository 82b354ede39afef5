import Testing

@testable import ORKit

@Suite("Answer to GET /models")
struct ModelCatalogueTests {
    private func read(_ text: String) -> ModelCatalogue? { ModelCatalogue(answer: Array(text.utf8)) }

    private func offer(_ members: String) -> ModelOffer? {
        read(#"{"data":[{"id":"v/m",\#(members)}]}"#)?.models.first
    }

    @Test("id, name, provider, lengths and every price are read")
    func whole() throws {
        let catalogue = try #require(
            read(
                #"""
                {"object":"list","data":[
                 {"id":"v/m-1","canonical_slug":"v/m-1-2026","name":"V: M \"one\"","context_length":200000,
                  "architecture":{"modality":"text->text"},
                  "pricing":{"prompt":"0.000003","completion":"0.000015","input_cache_read":"0.0000003",
                             "input_cache_write":"0.00000375","internal_reasoning":"0.00002","request":"0.01",
                             "image":"0.0048"},
                  "top_provider":{"context_length":200000,"max_completion_tokens":64000},
                  "per_request_limits":null},
                 {"id":"a/free:free","name":"A","context_length":null,
                  "pricing":{"prompt":"0","completion":"0"},"top_provider":{"max_completion_tokens":null}}
                ]}
                """#))
        #expect(catalogue.unread == 0 && catalogue.models.map(\.id) == ["a/free:free", "v/m-1"])
        let model = catalogue.models[1]
        #expect(model.name == "V: M \"one\"" && model.slug == "v/m-1-2026" && model.provider == "v")
        #expect(model.context == 200_000 && model.longestAnswer == 64_000)
        #expect(
            model.prices.numbers == [
                3_000_000, 15_000_000, 300_000, 3_750_000, 20_000_000, 10_000_000_000, 4_800_000_000,
            ])
        #expect(model.isPriced && !model.isFree && model.dearest == model.prices)
        let free = catalogue.models[0]
        #expect(free.isFree && free.context == nil && free.longestAnswer == nil && free.provider == "a")
    }

    @Test("the price of a router is unknown, as is one that is absent or no number")
    func unknown() {
        for pricing in [
            #"{"prompt":"-1","completion":"-1","request":"-1"}"#, #"{"prompt":"x","completion":[]}"#, "null",
            #""0""#, "{}",
        ] {
            let prices = offer(#""pricing":\#(pricing)"#)?.prices
            #expect(prices?.prompt == .unknown && prices?.completion == .unknown, "\(pricing)")
            #expect(prices?.cachedRead == .unknown && prices?.reasoning == .unknown, "\(pricing)")
        }
        #expect(offer(#""name":"N""#)?.isPriced == false)
        #expect(
            offer(#""pricing":{"prompt":"1","completion":"1","request":"-1"}"#)?.prices.request == .unknown)
    }

    @Test("a class that is not priced apart, or at 0, costs what the whole costs")
    func parts() {
        let prices = offer(
            #""pricing":{"prompt":"3e-6","completion":"9e-6","input_cache_read":"0","internal_reasoning":"0"}"#
        )?.prices
        #expect(prices?.numbers == [3_000_000, 9_000_000, 3_000_000, 3_000_000, 9_000_000, 0, 0])
    }

    @Test("prices may be numbers, and lengths strings of digits")
    func spellings() {
        let model = offer(
            #""context_length":"4096","pricing":{"prompt":0.0000015,"completion":2e-06},"top_provider":{}"#)
        #expect(model?.context == 4096 && model?.prices.prompt.pico == 1_500_000)
        #expect(model?.prices.completion.pico == 2_000_000)
    }

    @Test("what holds for long prompts, at times or for long caches is in the bounds, not in the prices")
    func overrides() throws {
        let model = try #require(
            offer(
                #"""
                "pricing":{"prompt":"1e-6","completion":"5e-6","input_cache_write":"2e-6",
                 "input_cache_write_1h":"4e-6","overrides":[
                  {"min_prompt_tokens":200000,"prompt":"10e-6"},
                  {"min_prompt_tokens":500000,"completion":"70e-6","input_cache_write_1h":"11e-6"},
                  {"utc_start":"08:00","utc_end":"18:00","completion":"6e-6"},
                  {"min_prompt_tokens":100000,"prompt":"-1","utc_start":"08:00"},7]}
                """#))
        #expect(model.prices.numbers == [1_000_000, 5_000_000, 1_000_000, 2_000_000, 5_000_000, 0, 0])
        #expect(model.dearest.numbers == [1_000_000, 6_000_000, 1_000_000, 4_000_000, 6_000_000, 0, 0])
        #expect(model.longFrom == 100_000)
        #expect(model.dearestLong.prompt == .unknown && model.dearestLong.completion.pico == 70_000_000)
        #expect(model.bound(prompt: 99_999) == model.dearest)
        #expect(model.bound(prompt: 100_000) == model.dearestLong)
    }

    @Test(
        "an element that is no model is left out and counted; the others stay",
        arguments: [
            "7", "null", #""v/m""#, "[]", "{}", #"{"id":7}"#, #"{"id":""}"#, #"{"id":"a b"}"#,
            #"{"id":"a\u0000"}"#,
            #"{"id":"ä"}"#, #"{"ID":"v/x"}"#, #"{"id":"v/good"}"#,
            #"{"id":"\#(String(repeating: "x", count: 201))"}"#,
            #"{"id":"v/x","a":\#(String(repeating: "[", count: 70))\#(String(repeating: "]", count: 70))}"#,
            #"{"id":"v/x","description":"\#(String(repeating: "x", count: 70_000))"}"#,
        ])
    func leftOut(element: String) throws {
        let catalogue = try #require(read(#"{"data":[{"id":"v/good"},\#(element),{"id":"w/last"}]}"#))
        #expect(catalogue.models.map(\.id) == ["v/good", "w/last"] && catalogue.unread == 1)
    }

    @Test("lengths that mean nothing count as not stated, and a long name is cut")
    func odd() throws {
        for text in ["0", "-5", "1e99", "4096.5", "true", "{}", "99999999999999999999"] {
            let model = offer(#""context_length":\#(text),"top_provider":{"max_completion_tokens":\#(text)}"#)
            #expect(model?.context == nil && model?.longestAnswer == nil, "\(text)")
        }
        let name = try #require(offer(#""name":"\#(String(repeating: "é", count: 5000))""#)?.name)
        #expect(name.utf8.count <= 203)
        #expect(offer(#""name":7"#)?.name == "v/m")
        #expect(ModelOffer(id: "~v/latest").provider == "v" && ModelOffer(id: "plain").provider == "unknown")
        #expect(ModelOffer(id: "/x").provider == "unknown")
    }

    @Test(
        "what is not one whole JSON object with a list is no answer",
        arguments: [
            "", " ", "[]", "{}", "null", #"{"data":{}}"#, #"{"data":null}"#, #"{"models":[]}"#,
            #"{"data":[{"id":"v/m"}]"#, #"{"data":[{"id":"v/m"}"#, #"{"data":[{"id":"v/m"},]}"#,
            #"{"data":[{"id":"v/m"}]} x"#, #"{"data":[{"id":"v/m"}],}"#, #"{"data":[{"id":"v/m]}"#,
            #"{"data":[{id:1}]}"#, "<html>", #"{"error":{"code":401}}"#,
        ])
    func noAnswer(text: String) {
        #expect(read(text) == nil)
    }

    @Test("the first list counts, whatever stands around it, and an empty one is one")
    func around() {
        #expect(read(#" {"a":[1,{"data":[]}],"d\u0061ta":[{"id":"v/m"}],"data":[]} "#)?.models.count == 1)
        #expect(read(#"{"data":[ ]}"#)?.models == [])
        #expect(
            ModelCatalogue(answer: [UInt8](repeating: 0x20, count: ModelCatalogue.longestAnswer + 1)) == nil)
    }

    @Test("no bytes trap it, and what it gives is in order and without doubles")
    func random() {
        let seed = Array(
            #"""
            {"data":[{"id":"v/m","name":"N","context_length":8,"pricing":{"prompt":"1e-6","completion":"-1",
            "overrides":[{"min_prompt_tokens":5,"prompt":"9"}]},"top_provider":{"max_completion_tokens":4}},
            {"id":"a/b:free","pricing":{"prompt":"0","completion":"0"}}],"x":"\u00e9"}
            """#.utf8)
        var dice = Dice(seed: 72)
        var read = 0
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &dice) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &dice)
                case 1: bytes.remove(at: at)
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + 9))
                default: bytes.insert(contentsOf: bytes[..<at].suffix(12), at: at)
                }
            }
            guard let catalogue = ModelCatalogue(answer: bytes) else { continue }
            read += 1
            let ids = catalogue.models.map(\.id)
            #expect(ids == ids.sorted() && Set(ids).count == ids.count)
            let table = PriceTable(catalogue.models)
            _ = table.worstCase(of: RequestBound(prompt: .max), models: ids)
        }
        #expect(read > 1000)
    }
}
