internal import ArgumentParser

/// The form of a result (`-o`).
enum Format: String, CaseIterable, ExpressibleByArgument, Sendable {
    case table, wide, json, jsonl, csv, tsv, name

    /// Also `json=1`: the form by its schema number, of which there is one.
    init?(argument: String) {
        self.init(rawValue: argument == "json=1" ? "json" : argument)
    }

    /// Errors are JSON too where the result would be.
    var isJSON: Bool { self == .json || self == .jsonl }
    var isTable: Bool { self == .table || self == .wide }
}

/// `--color`.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case auto, always, never
}
