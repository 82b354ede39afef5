/// One model as the upstream offers it.
public struct ModelOffer: Hashable, Sendable {
    public var id: String
    /// The name that answers may carry instead of the id.
    public var slug: String?
    public var name: String
    /// Tokens of a prompt and its answer together.
    public var context: Int64?
    /// The most tokens that one answer can have.
    public var longestAnswer: Int64?
    public var prices = TokenPrices()
    /// Whatever the time of day, and however long a cache is to keep
    /// something.
    public var dearest = TokenPrices()
    /// Of prompts of at least so many tokens other prices hold …
    public var longFrom: Int64?
    /// … which are no more than these.
    public var dearestLong = TokenPrices()
    /// The prices are an operator's, not the list's.
    public var isOverridden = false

    public init(id: String, name: String? = nil) {
        self.id = id
        self.name = name ?? id
    }

    /// Who made it: what stands before the slash of its id; `unknown` where
    /// there is none.
    public var provider: String {
        let plain = id.utf8.first == 0x7E ? id.dropFirst() : id[...]
        guard let slash = plain.firstIndex(of: "/"), slash != plain.startIndex else { return "unknown" }
        return String(plain[..<slash])
    }

    /// Whether it is known to cost nothing.
    public var isFree: Bool {
        prices.prompt == .free && prices.completion == .free && prices.request == .free
    }

    /// Whether it is known what a token costs.
    public var isPriced: Bool { prices.prompt.isKnown && prices.completion.isKnown }

    /// The prices by which a prompt of so many tokens costs no more.
    func bound(prompt: Int64) -> TokenPrices {
        guard let longFrom, prompt >= longFrom else { return dearest }
        return dearestLong
    }
}

extension ModelOffer {
    static let longestID = 200
    private static let longestName = 200

    /// Reads one element of `data`. Nil when it is no model that could be
    /// asked for.
    init?(_ row: JSONValue) {
        guard let id = row["id"]?.string, Self.isID(id) else { return nil }
        let name = row["name"]?.string ?? id
        self.init(id: id, name: String(decoding: name.utf8.prefix(Self.longestName), as: UTF8.self))
        slug = row["canonical_slug"]?.string.flatMap { Self.isID($0) && $0 != id ? $0 : nil }
        context = row["context_length"]?.tokens
        longestAnswer = [
            row[path: "top_provider", "max_completion_tokens"]?.tokens,
            row[path: "per_request_limits", "completion_tokens"]?.tokens,
        ].compactMap { $0 }.min()
        read(pricing: row["pricing"])
    }

    /// An override holds where all of its conditions do; which of them are met
    /// is not known before the answer.
    private mutating func read(pricing: JSONValue?) {
        prices = TokenPrices(pricing)
        dearest = prices
        let kept = TokenPrices(pricing?.renaming("input_cache_write_1h", to: "input_cache_write"))
        dearest.cacheWrite = dearest.cacheWrite.orHigher(kept.cacheWrite)
        dearestLong = dearest
        guard case .array(let overrides) = pricing?["overrides"] else { return }
        for entry in overrides {
            let changed = TokenPrices(entry, over: prices).orHigher(
                TokenPrices(entry.renaming("input_cache_write_1h", to: "input_cache_write"), over: prices))
            dearestLong = dearestLong.orHigher(changed)
            if let start = entry["min_prompt_tokens"]?.integer, start > 0 {
                longFrom = min(longFrom ?? .max, start)
            } else {
                dearest = dearest.orHigher(changed)
            }
        }
    }

    /// One word of printable ASCII.
    static func isID(_ text: String) -> Bool {
        (1...longestID).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension JSONValue {
    /// A number of tokens that means something.
    fileprivate var tokens: Int64? { integer.flatMap { $0 > 0 ? $0 : nil } }

    /// The object with one member in the place of another, if it has it.
    fileprivate func renaming(_ name: String, to other: String) -> JSONValue {
        guard case .object(let members) = self, let value = self[name] else { return self }
        return .object(members.filter { $0.name != other } + [Member(name: other, value: value)])
    }
}
