import ORKit

/// What the fields of a limit may hold.
enum LimitFields {
    /// - Throws: `bad-value`.
    static func record(_ before: LimitRecord, changed request: LimitSet) throws -> LimitRecord {
        var record = before
        for (kind, number) in request.numbers {
            if let count = number.count, !(1...LimitRecord.most).contains(count) {
                throw CodedError(
                    .badValue, "\(kind.word) is a number from 1 to \(LimitRecord.most), or none")
            }
            record[kind] = number.count
        }
        record.isShadow = request.shadow ?? record.isShadow
        return record
    }
}

extension LimitRow {
    var audit: [String: AuditValue] {
        var values: [String: AuditValue] = ["shadow": .flag(record.isShadow), "version": .number(version)]
        for kind in LimitKind.allCases { values[kind.word] = record[kind].map(AuditValue.number) }
        return values
    }
}
