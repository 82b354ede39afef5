@testable import ORKit

/// Takes the chunked coding off, whole and in two pieces.
enum ChunksTarget: FuzzTarget {
    static let name = "chunks"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        let whole = payload([bytes])
        let pieces = payload(Fuzz.halves(bytes))
        Fuzz.require(whole.bytes == pieces.bytes && whole.isOver == pieces.isOver, "pieces tell the same")
    }

    private static func payload(_ pieces: [UnsafeRawBufferPointer]) -> (bytes: [UInt8], isOver: Bool) {
        var reader = ChunkedReader()
        var payload: [UInt8] = []
        for piece in pieces {
            var offset = 0
            loop: while true {
                switch reader.next(piece, at: &offset) {
                case .data(let range):
                    Fuzz.require(
                        !range.isEmpty && range.upperBound <= piece.count, "payload lies in the bytes")
                    payload += piece[range]
                case .needMore:
                    Fuzz.require(offset == piece.count || piece.isEmpty, "all bytes are used")
                    break loop
                case .end, .refused: return (payload, reader.isOver)
                }
            }
        }
        return (payload, reader.isOver)
    }
}

/// Reads the fields of a request body, JSON and form; what a prefix tells
/// must lie in it.
enum BodyFieldsTarget: FuzzTarget {
    static let name = "body-fields"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        for complete in [true, false] {
            guard case .fields(let fields) = RequestFields.scan(bytes, complete: complete) else { continue }
            for range in [fields.models, fields.fallbacks, fields.session, fields.opening] {
                Fuzz.require((range?.upperBound ?? 0) <= bytes.count, "what was found lies in the body")
            }
            Fuzz.require((fields.maxTokens ?? 0) >= 0 && (fields.n ?? 0) >= 0, "limits are not negative")
        }
        let half = Fuzz.halves(bytes)
        if let boundary = MultipartForm.boundary(contentType: half[0]) {
            _ = MultipartForm.model(half[1], boundary: boundary)
        }
        _ = MultipartForm.model(bytes, boundary: [0x78])
    }
}

/// Watches an answer, whole and in two pieces, in every dialect.
enum AnswerTarget: FuzzTarget {
    static let name = "answer"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        for skin in Skin.allCases {
            for format in [AnswerFormat.json, .sse] {
                let whole = scan([bytes], format, skin)
                let pieces = scan(Fuzz.halves(bytes), format, skin)
                Fuzz.require(
                    whole.usage == pieces.usage && whole.isTerminated == pieces.isTerminated
                        && whole.inBandError == pieces.inBandError && whole.generation == pieces.generation,
                    "pieces tell the same as the whole")
            }
            if case .error(let range) = FirstEvent.inspect(bytes, skin: skin) {
                Fuzz.require(range.upperBound <= bytes.count, "an error lies in the bytes")
            }
        }
    }

    private static func scan(_ pieces: [UnsafeRawBufferPointer], _ format: AnswerFormat, _ skin: Skin)
        -> AnswerScanner
    {
        var scanner = AnswerScanner(format: format, skin: skin)
        for piece in pieces {
            let marks = scanner.feed(piece)
            for place in [marks.tail, marks.cut] {
                Fuzz.require((0...piece.count).contains(place ?? 0), "marks lie in the bytes")
            }
        }
        scanner.finish()
        return scanner
    }
}

/// Judges failed answers.
enum ErrorsTarget: FuzzTarget {
    static let name = "errors"
    private static let statuses = [
        400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529, 200, 600,
    ]

    static func run(_ bytes: UnsafeRawBufferPointer) {
        let now = Now(monotonic: 1_000_000_000, wall: WallTime(milliseconds: 1_733_011_200_000))
        let half = Fuzz.halves(bytes)
        let text = String(decoding: half[0], as: UTF8.self)
        let status = statuses[Int(bytes.last ?? 0) % statuses.count]
        let fields = [
            "retry-after", "retry-after-ms", "x-ratelimit-reset", "x-ratelimit-reset-tokens",
            "anthropic-ratelimit-tokens-reset",
        ].map { AnswerField($0, text) }
        let dialect = Dialect.allCases[Int(bytes.first ?? 0) % Dialect.allCases.count]
        let kinds = [(fields, Array(half[1])), ([AnswerField("content-type", text)], Array(bytes))]
        for (fields, body) in kinds {
            let answer = UpstreamAnswer(
                status: status, fields: fields, body: body, model: "a/b", dialect: dialect)
            for heard in [Heard.answer(answer), .inBand(json: body, model: nil, dialect)] {
                let verdict = Classifier.classify(heard, at: now)
                Fuzz.require(verdict.evidence.count <= 200, "evidence is short")
            }
        }
        _ = Classifier.classify(transport: .protocolError(text))
        _ = Classifier.mayHoldError(bytes)
    }
}

/// Judges paths; what is proxied must have one reading only.
enum PathTarget: FuzzTarget {
    static let name = "path"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        for method in [RequestMethod.get, .post] {
            guard case .proxy(let path) = TargetPath.decide(method: method, path: bytes) else { continue }
            Fuzz.require(path.upstream.starts(with: "/v1".utf8), "every path upstream begins with /v1")
            let text = path.text.lowercased()
            let segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            Fuzz.require(
                !segments.contains { $0 == "." || $0 == ".." }
                    && !["%2f", "%5c", "%2e", "%25", "%00", "//", "\\", ";", "?", "#", " "].contains {
                        text.contains($0)
                    }, "nothing in a path can be read twice")
        }
        if let base = UpstreamBase.normalise(String(decoding: bytes, as: UTF8.self)) {
            Fuzz.require(!base.host.isEmpty && base.port > 0, "an upstream has a host and a port")
            Fuzz.require(!base.hostField.utf8.contains { $0 <= 0x20 }, "a host field is one word")
        }
    }
}

/// Unpacks request records as they lie in the database.
enum RecordsTarget: FuzzTarget {
    static let name = "records"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        guard let records = RequestRecord.unpack(bytes) else { return }
        let again = RecordBatch(records).rows.flatMap { RequestRecord.unpack($0.body) ?? [] }
        Fuzz.require(again.count == records.count, "what was unpacked can be packed")
    }
}

/// Reads a list of models, and asks the table of prices made of it.
enum ModelsTarget: FuzzTarget {
    static let name = "models"

    static func run(_ bytes: UnsafeRawBufferPointer) {
        guard let catalogue = ModelCatalogue(answer: Array(bytes)) else { return }
        let table = PriceTable(catalogue.models)
        var usage = Usage()
        (usage.prompt, usage.cached, usage.cacheWrite) = (900, 500, 300)
        (usage.completion, usage.reasoning) = (90, 40)
        for (model, next) in zip(catalogue.models, catalogue.models.dropFirst()) {
            Fuzz.require(model.id < next.id, "each model is there once, in order")
        }
        for model in catalogue.models {
            Fuzz.require(table[model.id] == model, "a model is found by its id")
            Fuzz.require(
                TokenPrices(numbers: model.prices.numbers) == model.prices, "prices that are kept come back")
            let worst = table.worstCase(of: RequestBound(prompt: 900, completion: 90), models: [model.id])
            guard let worst, let cost = table.estimate(usage, model: model.id) else { continue }
            Fuzz.require(cost <= worst.cost, "no answer costs more than the worst case")
            Fuzz.require(cost >= .zero, "nothing costs less than nothing")
        }
    }
}
