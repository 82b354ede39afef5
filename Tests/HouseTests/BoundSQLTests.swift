import Testing

/// No SQL is put together from values: they are bound. What stands between
/// the words of a statement all the same is listed here, and comes from the
/// source itself.
enum BoundSQL {
    /// `file: expression`, and why it cannot be a value.
    static let allowed: [String: String] = [
        "BudgetTable.swift: columns": "names of columns, in the source",
        "ClientTable.swift: columns": "names of columns, in the source",
        "ClientTable.swift: condition": "a text with placeholders, in the source",
        "ClientTable.swift: table": "one of two names, in the source",
        "ClientFilter.swift: condition": "a text with placeholders, in the source",
        "ClientFilter.swift: wanted.joined(separator: \" OR \")": "texts with placeholders, in the source",
        "DatabaseOpening.swift: WriteAheadLog.enough": "a constant, in the source",
        "DatabaseOpening.swift: table": "from the schema of the database that is examined",
        "EventLog.swift: table": "one of three names, in the source",
        "KeyFactsTable.swift: columns": "names of columns, in the source",
        "KeyListing.swift: KeyTable.columns": "names of columns, in the source",
        "KeyListing.swift: condition": "a text with placeholders, in the source",
        "KeyListing.swift: direction": "one of two words, in the source",
        "KeyListing.swift: field": "a name of a column that is looked up, not taken",
        "KeyListing.swift: sign": "one of two signs, in the source",
        "QuotaUseTable.swift: columns": "names of columns, in the source",
        "Store+Loading.swift: QuotaUseTable.columns": "names of columns, in the source",
        "KeyTable.swift: columns": "names of columns, in the source",
        "KeyTable.swift: condition": "a text with placeholders, in the source",
        "ModelTable.swift: columns": "names of columns, in the source",
        "Migration.swift: FileExamination.applicationID": "a number, in the source",
        "Migration.swift: step.number": "a number, in the source",
        "LimitTable.swift: columns": "names of columns, in the source",
        "LimitTable.swift: marks": "placeholders",
        "LimitTable.swift: table": "one of two names, in the source",
        "MovementTable.swift: columns": "names of columns, in the source",
        "MovementTable.swift: condition": "a text with placeholders, in the source",
        "UsageTable.swift: numbers": "names of columns, in the source",
        "UsageTable.swift: places": "placeholders",
        "UsageTable.swift: sums": "names of columns, in the source",
        "UsageTable.swift: table": "one of two names, in the source",
        "UsageTable.swift: width": "one of two names, in the source",
        "PoolTable.swift: columns": "names of columns, in the source",
        "PoolTable.swift: table": "one of two names, in the source",
        "Pruning.swift: pages": "an Int",
        "Pruning.swift: table": "one of few names, in the source",
        "Store+Loading.swift: KeyFactsTable.columns": "names of columns, in the source",
        "Store+Trying.swift: schema": "an Int",
        "UserTable.swift: columns": "names of columns, in the source",
        "UserTable.swift: condition": "a text with placeholders, in the source",
        "Tombstones.swift: kind.rawValue": "a word of an enumeration",
    ]

    /// Every expression inside a literal that speaks SQL.
    static func interpolations(in tree: SourceTree) -> [String] {
        let literal = /"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\\((?:[^()\n]|\([^()\n]*\))*\)|\\.)*"/
            .dotMatchesNewlines()
        let verb = /\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|UNION|WHERE|AND|ORDER BY|LIMIT|VALUES)\b/
        let expression = /\\\(((?:[^()\n]|\([^()\n]*\))*)\)/
        return tree.files.flatMap { file in
            file.text.matches(of: literal).map { String($0.0) }.filter { $0.contains(verb) }.flatMap { text in
                text.matches(of: expression).map { "\(file.name): \($0.1)" }
            }
        }
    }
}

@Suite("Bound SQL")
struct BoundSQLTests {
    @Test("no statement is put together from values")
    func project() throws {
        let found = Set(BoundSQL.interpolations(in: try .project("Sources/orkd")))
        #expect(found.subtracting(BoundSQL.allowed.keys).sorted() == [])
        #expect(
            Set(BoundSQL.allowed.keys).subtracting(found).sorted() == [], "allowed, and not there any more")
    }

    @Test("planted values are found, in one line and in several")
    func planted() {
        let source = #"""
            let a = "SELECT * FROM t WHERE name = '\(name)'"
            let b = """
                DELETE FROM t
                WHERE id = \(id.raw) AND x = "y"
                """
            let c = "hello \(name)", d = "SELECT 1"
            let e = "UPDATE t SET a = ?, b = \(f("x", y))"
            """#
        #expect(
            BoundSQL.interpolations(in: SourceTree(["S.swift": source])) == [
                "S.swift: name", "S.swift: id.raw", #"S.swift: f("x", y)"#,
            ])
    }
}
