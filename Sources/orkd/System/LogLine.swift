import Logging
import ORKit

/// One log line: a JSON object on one line.
struct LogLine: Sendable {
    enum Value: Sendable {
        case text(String)
        case integer(Int64)
        case list([Value])
        case object([(String, Value)])
    }

    var time = SystemClock.now().wall
    var level: Logger.Level
    var message: String
    var fields: [(String, Value)] = []

    init(level: Logger.Level, message: String, fields: [(String, Value)] = []) {
        self.level = level
        self.message = message
        self.fields = fields
    }

    private static let reserved: Set<String> = ["time", "level", "message"]

    /// `{"time":…,"level":…,"message":…,…}` and a newline; what looks like a
    /// secret is masked, whatever let it come here.
    func bytes(prefixed: Bool) -> [UInt8] {
        var json = JSONLineWriter()
        json.open("{")
        json.field("time", .text(time.rfc3339))
        json.field("level", .text(level.rawValue))
        json.field("message", .text(message))
        for (name, value) in fields {
            json.field(Self.reserved.contains(name) ? "field_" + name : name, value)
        }
        json.close("}")
        Redaction.mask(&json.bytes)
        return Array((prefixed ? "<\(level.priority)>" : "").utf8) + json.bytes + [0x0A]
    }
}

extension Logger.Level {
    /// syslog(3) priority.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
