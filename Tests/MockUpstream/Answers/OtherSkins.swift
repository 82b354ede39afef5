/// Embeddings, and the endpoints that answer some JSON.
extension Exchange {
    func embeddings() -> Answer {
        let inputs: Int
        if let many = body?["input"]?.elements { inputs = many.count } else { inputs = 1 }
        let isBase64 = body?["encoding_format"]?.text == "base64"
        // Four little-endian floats: 0, 0.25, 0.5, 1.
        let vector: JSON = isBase64 ? "AAAAAAAAgD4AAAA/AACAPw==" : [0, .number("0.25"), .number("0.5"), 1]
        var speech = Speech(self)
        speech.usage = (promptTokens, 0, 0)
        let cost = speech.price(options, model: model)
        var answer = Answer(
            status: 200, headers: [("X-Generation-Id", generation)],
            json: [
                "id": .string(generation), "object": "list", "model": .string(model),
                "data": .array(
                    (0..<inputs).map { ["object": "embedding", "index": JSON($0), "embedding": vector] }),
                "usage": [
                    "prompt_tokens": JSON(promptTokens), "total_tokens": JSON(promptTokens),
                    "cost": JSON(dollars: cost),
                ],
            ])
        answer.bill = bill(speech)
        return answer
    }

    /// An answer that only says that the endpoint was reached.
    func generic() -> Answer {
        if route == "/audio/speech" {
            return Answer(
                status: 200, headers: [("Content-Type", "audio/mpeg"), ("X-Generation-Id", generation)],
                body: [.bytes(Array(0...255))])
        }
        return Answer(
            status: route == "/videos" ? 202 : 200, headers: [("X-Generation-Id", generation)],
            json: [
                "id": .string(generation), "object": .string(String(route?.dropFirst() ?? "")),
                "model": .string(model), "data": [], "results": [], "usage": usage(Speech(self)),
            ])
    }

    /// Everything that was received, told back (`/echo`); credentials only as
    /// digests, so that no answer ever repeats a secret.
    func echo() -> Answer {
        Answer(
            status: 200, headers: [("X-Generation-Id", generation)],
            json: [
                "method": .string(request.method), "path": .string(request.path),
                "query": JSON(request.query),
                "headers": .array(request.headers.map { [.string($0.name), .string(Self.told($0))] }),
                "body_sha256": .string(request.bodyDigest), "body_size": JSON(request.bodySize),
            ])
    }

    private static func told(_ header: (name: String, value: String)) -> String {
        let secret = ["authorization", "x-api-key", "cookie", "proxy-authorization"].contains(
            header.name.lowercased())
        return secret ? "sha256:" + SHA256.hex(header.value.utf8) : header.value
    }
}
