import Logging
import ORKit

/// swift-log's end of `LogOutput`.
struct LogOutputHandler: LogHandler {
    private let label: String
    private let output: LogOutput
    private var ownLevel: Logger.Level?
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, output: LogOutput) {
        self.label = label
        self.output = output
    }

    /// The output's level, which may change while we run, until a logger is
    /// given one of its own.
    var logLevel: Logger.Level {
        get { ownLevel ?? output.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        var fields: [(String, LogLine.Value)] = [("logger", .text(label))]
        for (name, value) in all.sorted(by: { $0.key < $1.key }) { fields.append((name, Self.value(value))) }
        if let error = event.error { fields.append(("error", .text(String(describing: error)))) }
        output.add(LogLine(level: event.level, message: event.message.description, fields: fields))
    }

    private static func value(_ value: Logger.Metadata.Value) -> LogLine.Value {
        switch value {
        case .string(let text): .text(text)
        case .stringConvertible(let thing):
            if let number = thing as? Int64 {
                .integer(number)
            } else if let number = thing as? Int {
                .integer(Int64(number))
            } else {
                .text(thing.description)
            }
        case .array(let items): .list(items.map { Self.value($0) })
        case .dictionary(let fields):
            .object(fields.sorted { $0.key < $1.key }.map { ($0.key, Self.value($0.value)) })
        }
    }
}
