/// What an upstream said, as far as a verdict needs it.
public struct UpstreamAnswer: Sendable {
    public var status: Int
    /// At least those that speak of limits; any others do no harm.
    public var fields: [AnswerField]
    /// The first bytes of the body, at most 16 KiB; not decoded.
    public var body: [UInt8]
    /// The model that was asked for.
    public var model: String?
    public var dialect: Dialect

    public init(
        status: Int, fields: [AnswerField], body: [UInt8] = [], model: String? = nil,
        dialect: Dialect = .openRouter
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.model = model
        self.dialect = dialect
    }

    /// An answer of OpenRouter's that says nothing of limits in its head, or
    /// only when to come back.
    public init(
        status: Int, retryAfter: String? = nil, contentType: String? = nil, body: [UInt8] = [],
        model: String? = nil
    ) {
        let known = [("retry-after", retryAfter), ("content-type", contentType)]
        self.init(
            status: status, fields: known.compactMap { name, value in value.map { AnswerField(name, $0) } },
            body: body, model: model)
    }

    /// Whether that `Content-Type` is HTML's.
    public static func isHTML(_ contentType: String) -> Bool {
        contentType.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased() == "text/html"
    }

    /// The first field of that name, which is in lower case.
    func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// An HTML page, by its word and by its first byte.
    var isPage: Bool {
        field("content-type").map(Self.isHTML) == true && body.firstPrintable == UInt8(ascii: "<")
    }
}

/// A field of an answer's head.
public struct AnswerField: Sendable, Hashable {
    /// In lower case.
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name.lowercased()
        self.value = value
    }
}

extension [UInt8] {
    /// The first byte that is no white space of JSON's.
    var firstPrintable: UInt8? { first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } }
}
