internal import GRDB
import NIOCore
import ORKit

/// One bulk import under way (KP-06 to KP-11, ruling 46): bytes of a file of
/// any size come in, keys are committed in batches that never hold the
/// writer for long, and memory stays the same.
///
/// Used by one task at a time.
final class KeyImport: ImportSession, @unchecked Sendable {
    /// A key that may be new, in its batch.
    struct Candidate: Sendable {
        var line: Int
        /// Its name is empty where one has to be made up.
        var draft: KeyDraft
    }

    /// Rows prepared at once.
    private static let batchSize = 1000
    /// Lines remembered to tell which one is repeated; beyond, it is told
    /// only that one is.
    private static let remembered = 250_000
    /// Entries of the lists in the report (KP-07).
    static let reported = 1000

    let service: KeysService
    let options: ImportOptions
    let order: Order
    private let tags: [String: String]
    private let provider: String
    let pool: PoolID
    private let started: Int64

    private(set) var counts = ImportCounts()
    var tally = KeyTally()
    private var splitter: ImportSplitter
    private var reader: ImportReader
    private var pending: [ImportLine] = []
    /// The batch before the one that is made ready.
    var writing: (batch: KeyBatch, task: Task<Written, Never>)?
    private var seen: [Digest: Int] = [:]
    private var fresh: [ImportRejection] = []
    private var rejections: [ImportRejection] = []
    private var fingerprints: [String] = []
    /// Keys from this id on are of this import, or newer.
    let firstID: Int64

    /// - Parameter pool: the one that the options name.
    /// - Throws: `bad-value` for options that no key could have.
    init(_ service: KeysService, _ options: ImportOptions, in pool: PoolID, _ order: Order) throws {
        self.service = service
        self.options = options
        self.pool = pool
        self.order = order
        provider = try KeyFields.provider(options.provider)
        _ = try options.account.map(KeyFields.account)
        tags = try KeyFields.map([:], changed: options.tags.mapValues { $0 }, noun: "tag")
        if let prefix = options.prefix { _ = try KeyFields.name(prefix + "x") }
        guard !options.check || service.probe != nil else {
            throw CodedError(.upstreamUnreachable, "there is no upstream to ask about the keys")
        }
        splitter = ImportSplitter(options.format)
        reader = ImportReader(format: options.format)
        firstID = service.store.reserveKeyIDs(1).lowerBound
        started = service.clock().monotonic
    }

    var prefix: String { options.prefix ?? "imported-" }

    func take(_ bytes: ByteBuffer) async throws -> [ImportRejection] {
        try bytes.withUnsafeReadableBytes { try feed($0) }
        return try await settle(all: false)
    }

    /// The same for bytes that are in no buffer.
    func take(_ bytes: [UInt8]) async throws -> [ImportRejection] {
        try bytes.withUnsafeBytes { try feed($0) }
        return try await settle(all: false)
    }

    func finish() async throws -> (rejections: [ImportRejection], report: ImportReport) {
        try splitter.finish { try line($0, $1) }
        let last = try await settle(all: true)
        let report = ImportReport(
            counts: counts, dryRun: order.dryRun, rejections: rejections.sorted { $0.line < $1.line },
            fingerprints: fingerprints,
            milliseconds: (service.clock().monotonic - started) / 1_000_000,
            checks: options.check ? tally.checks : nil)
        return (last, report)
    }

    func abandon() async {
        // Nothing goes on behind the back of whoever is told that it ended.
        try? await settled()
        pending = []
        seen = [:]
    }

    // From bytes to candidates

    private func feed(_ bytes: UnsafeRawBufferPointer) throws {
        counts.bytes += Int64(bytes.count)
        try ThreadTurns.long.take { try splitter.feed(bytes) { try line($0, $1) } }
    }

    private func line(_ number: Int, _ line: LineSplitter.Line) throws {
        switch try reader.read(line) {
        case .nothing: break
        case .rejected(let code, let message):
            counts.lines += 1
            reject(number, code, message)
        case .entry(let entry):
            counts.lines += 1
            guard let fingerprint = entry.fingerprint else {
                return reject(number, .badValue, "the fingerprint is that of another secret")
            }
            if let earlier = seen[fingerprint] {
                tally.countDuplicate()
                reject(number, .duplicate, "duplicate of line \(earlier)")
                return
            }
            if seen.count < Self.remembered { seen[fingerprint] = number }
            pending.append(ImportLine(number: number, entry: entry, fingerprint: fingerprint))
        }
    }

    func candidate(_ line: ImportLine, _ secret: Secret) -> Candidate {
        let entry = line.entry
        let draft = KeyDraft(
            secret: secret, fingerprint: line.fingerprint, name: entry.name ?? "",
            provider: entry.provider ?? provider, account: entry.account ?? options.account,
            weight: entry.weight ?? 1, tags: tags.merging(entry.tags) { $1 }, metadata: entry.metadata,
            kept: entry.kept)
        return Candidate(line: line.number, draft: draft)
    }

    // What became of them

    private func settle(all: Bool) async throws -> [ImportRejection] {
        var next = pending.startIndex
        while pending.count - next >= (all ? 1 : Self.batchSize) {
            let end = min(next + Self.batchSize, pending.endIndex)
            try await commit(Array(pending[next..<end]))
            next = end
        }
        pending.removeFirst(next)
        if all { try await settled() }
        defer { fresh = [] }
        return fresh.sorted { $0.line < $1.line }
    }

    func reject(_ line: Int, _ code: ErrorCode, _ message: String) {
        let rejection = ImportRejection(line: line, code: code, message: message)
        counts.rejected += 1
        fresh.append(rejection)
        if rejections.count < Self.reported { rejections.append(rejection) }
    }

    func count(_ result: KeyBatch.Result, of row: KeyRow, at line: Int) {
        switch result {
        case .added:
            counts.added += 1
            if fingerprints.count < Self.reported { fingerprints.append(row.fingerprint.short) }
        case .known:
            counts.duplicates += 1
            tally.countDuplicate()
        case .reactivated: counts.reactivated += 1
        case .restored: counts.restored += 1
        case .repeated:
            tally.countDuplicate()
            reject(line, .duplicate, "the same key is on an earlier line")
        case .nameTaken: reject(line, .keyExists, "another key has this name")
        case .poolUnknown: reject(line, .poolNotFound, "there is no such pool; --pool names one for all")
        }
    }
}

extension KeysService {
    func beginImport(_ options: ImportOptions, _ order: Order) async throws -> any ImportSession {
        let pool = try await store.read { db in
            try options.pool.map { try PoolFields.find($0, db).id } ?? .first
        }
        return try KeyImport(self, options, in: pool, order)
    }
}
