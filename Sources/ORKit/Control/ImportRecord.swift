/// One line of the streamed answer to `POST /v1/keys/import` (JSON lines).
/// The request body is the file itself, of any size; the answer begins while
/// it is still being sent.
///
/// Query: `format` (`lines`, `csv`, `jsonl` or `json`, one of the first three
/// by content), `provider`, `account`, `pool`, `tags` (`k=v,k=v`), `prefix` of
/// generated names (default `imported-`), `reactivate`, `check`, `restore`,
/// `dry_run`.
public enum ImportRecord: Codable, Sendable {
    case progress(ImportCounts)
    case rejected(ImportRejection)
    case report(ImportReport)

    private enum CodingKeys: String, CodingKey { case progress, rejected, report }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        if let value = try box.decodeIfPresent(ImportCounts.self, forKey: .progress) {
            self = .progress(value)
        } else if let value = try box.decodeIfPresent(ImportRejection.self, forKey: .rejected) {
            self = .rejected(value)
        } else {
            self = .report(try box.decode(ImportReport.self, forKey: .report))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .progress(let value): try box.encode(value, forKey: .progress)
        case .rejected(let value): try box.encode(value, forKey: .rejected)
        case .report(let value): try box.encode(value, forKey: .report)
        }
    }
}

/// Counts of an import so far. The lines are those that held a key: blank
/// lines and comments are in none of them.
public struct ImportCounts: Codable, Sendable, Hashable {
    public var bytes: Int64 = 0
    public var lines: Int = 0
    public var added: Int = 0
    /// Already in the pool, unchanged.
    public var duplicates: Int = 0
    public var reactivated: Int = 0
    /// In the pool already; an export said what is known about them.
    public var restored: Int = 0
    public var rejected: Int = 0
    public init() {}
}

/// A line that was not taken. Names the line by number, never by content.
public struct ImportRejection: Codable, Sendable, Hashable {
    public var line: Int
    public var code: ErrorCode
    public var message: String
    public init(line: Int, code: ErrorCode, message: String) {
        self.line = line
        self.code = code
        self.message = message
    }
}

/// The result of an import (KP-07).
public struct ImportReport: Codable, Sendable {
    public var schema: String
    public var counts: ImportCounts
    public var dryRun: Bool
    /// The first 1,000 rejections; all of them are in the stream.
    public var rejections: [ImportRejection]
    /// Fingerprints of the keys added, at most 1,000 (KP-07).
    public var fingerprints: [String]
    public var milliseconds: Int64
    /// What the upstream said; nil when it was not asked.
    public var checks: ImportChecks?

    public init(
        counts: ImportCounts, dryRun: Bool, rejections: [ImportRejection], fingerprints: [String],
        milliseconds: Int64, checks: ImportChecks? = nil
    ) {
        self.checks = checks
        schema = "ork.import/1"
        self.counts = counts
        self.dryRun = dryRun
        self.rejections = rejections
        self.fingerprints = fingerprints
        self.milliseconds = milliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case schema, counts, rejections, fingerprints, milliseconds, checks
        case dryRun = "dry_run"
    }
}
