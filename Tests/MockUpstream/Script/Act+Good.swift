extension Act {
    /// A good answer in the skin and form asked for.
    ///
    /// - Parameters:
    ///   - text: what the model says; one word is one event of a stream.
    ///   - usage: prompt and completion tokens to state.
    ///   - cost: to state; computed from the prices when nil.
    public static func ok(
        _ text: String? = nil, usage: (prompt: Int, completion: Int)? = nil, cost: USD? = nil
    ) -> Act {
        answer { exchange in
            var speech = Speech(exchange)
            if let text { speech.words = Speech.words(of: text) }
            if let usage { speech.usage = (usage.prompt, usage.completion, 0) }
            if let cost { speech.cost = cost }
            return exchange.good(speech)
        }
    }

    /// A stream, whatever the request asked for.
    ///
    /// - Parameters:
    ///   - chunks: how many events carry text; the options' text when nil.
    ///   - gap: pause between events.
    ///   - shape: the switches (openrouter-api 11.5).
    public static func stream(
        chunks: Int? = nil, gap: Duration = .zero,
        _ shape: @escaping @Sendable (inout StreamShape) -> Void = { _ in }
    ) -> Act {
        answer { exchange in
            var speech = Speech(exchange)
            if let chunks { speech.words = (0..<chunks).map { Speech.word($0) } }
            var form = exchange.options.stream
            form.gap = gap
            shape(&form)
            return exchange.stream(speech, form)
        }
    }

    /// Any JSON, with 200 unless said otherwise.
    public static func json(_ value: JSON, status: Int = 200) -> Act {
        answer { _ in Answer(status: status, json: value) }
    }

    /// A body of that many bytes of no meaning, for back-pressure.
    public static func bulk(_ count: Int, chunk: Int = 65_536) -> Act {
        answer { _ in
            var parts: [Answer.Part] = []
            var left = count
            while left > 0 {
                parts.append(.bytes(Array(repeating: 0x78, count: min(chunk, left))))
                left -= min(chunk, left)
            }
            return Answer(
                status: 200, headers: [("Content-Type", "application/octet-stream")], body: parts,
                framing: .length)
        }
    }
}
