import ORKit
import Testing

@testable import orkctl

@Suite("values and filters")
struct InputTests {
    @Test("times in every form, and nothing else")
    func moments() {
        #expect(Moment(argument: "-15m") == .ago(milliseconds: 900_000))
        #expect(Moment(argument: "30d") == .ago(milliseconds: 2_592_000_000))
        #expect(Moment(argument: "today") == .midnight(daysAgo: 0))
        #expect(
            Moment(argument: "2026-11-21T14:00:00+01:00") == .exact(WallTime(milliseconds: 1_795_266_000_000))
        )
        #expect(
            Moment(argument: "2026-11-21 14:05")
                == .local(year: 2026, month: 11, day: 21, hour: 14, minute: 5, second: 0))
        for bad in ["lately", "2026-13-01", "2026-11-21 25:00", "", "-", "2026-11-21 14:00 x"] {
            #expect(Moment(argument: bad) == nil, "\(bad)")
        }
        let now = WallTime(milliseconds: 1_000_000_000)
        #expect(Moment.ago(milliseconds: 900_000).resolved(at: now).milliseconds == 999_100_000)
    }

    @Test("quantities and pairs")
    func values() {
        #expect(Quantity(argument: "10k")?.count == 10_000 && Quantity(argument: "7")?.count == 7)
        #expect(Quantity(argument: "none") != nil && Quantity(argument: "none")?.count == nil)
        for bad in ["", "-1", "k", "9223372036854775807k", "1.5"] {
            #expect(Quantity(argument: bad) == nil, "\(bad)")
        }
        #expect(Pair(argument: "a=b=c") == Pair(argument: "a=b=c") && Pair(argument: "a=b=c")?.value == "b=c")
        for bad in ["a", "=b", "a="] { #expect(Pair(argument: bad) == nil, "\(bad)") }
        #expect(throws: CodedError.self) {
            try ["a=1", "a=2"].compactMap(Pair.init).dictionary(option: "--tag")
        }
    }

    @Test("globs match as shells do, in time that a bad one cannot stretch")
    func globs() {
        #expect(Glob("main-*").matches("main-1") && Glob("*-?").matches("main-1") && Glob("*").matches(""))
        #expect(
            !Glob("main-?").matches("main-12") && !Glob("a*b").matches("ac") && Glob("a**b").matches("axxb"))
        let hostile = Glob(String(repeating: "a*", count: 50) + "b")
        #expect(!hostile.matches(String(repeating: "a", count: 2000)))
    }

    @Test("the nearest word is found, and nothing far away")
    func nearest() {
        #expect(Nearest.to("lsit", in: ["list", "show"]) == "list")
        #expect(Nearest.to("xyzzy", in: ["list", "show"]) == nil)
        #expect(Nearest.to("", in: ["list"]) == nil && Nearest.to("a", in: []) == nil)
    }

    @Test("global options may stand before the command")
    func invocation() throws {
        let line = ["-q", "--socket", "/s", "keys", "-n", "ls", "--state", "resting", "--", "-x"]
        let invocation = try Invocation(line, root: Orkctl.self)
        #expect(invocation.path == ["keys", "list"])
        #expect(
            invocation.arguments
                == ["keys", "list", "-q", "--socket", "/s", "-n", "--state", "resting", "--", "-x"])
        #expect(try Invocation(["keys", "help"], root: Orkctl.self).arguments == ["help", "keys"])
        #expect(throws: CodedError.self) { try Invocation(["keys", "nope"], root: Orkctl.self) }
        #expect(Invocation.wantsJSON(["x", "-ojson"]) && Invocation.wantsJSON(["--output=jsonl"]))
        #expect(!Invocation.wantsJSON(["-o", "table"]) && !Invocation.wantsJSON(["--", "-o", "json"]))
    }

    @Test("secrets are found wherever they stand, and only they")
    func shapes() {
        let secret = Samples.keySecret
        #expect(
            SecretShape.isIn(secret) && SecretShape.isIn("a=\(secret),b") && SecretShape.isIn("(\(secret))"))
        #expect(SecretShape.isIn("gw_staging_abcdefgh") && !SecretShape.isIn("gw_staging_abc"))
        #expect(!SecretShape.isIn("sk-0123456789012345") && SecretShape.isIn("sk-01234567890123456"))
        #expect(!SecretShape.isIn("disk-0123456789012345678"))
        #expect(SecretShape.scrubbed("x \(secret) y \(secret)") == "x ‹secret› y ‹secret›")
    }

    @Test("the bar of an import grows to its end and no further")
    func bar() {
        #expect(Progress.bar(sent: 0, total: 100).count == 22 && Progress.bar(sent: 5, total: nil).isEmpty)
        #expect(Progress.bar(sent: 100, total: 100).hasPrefix(String(repeating: "█", count: 20)))
        #expect(Progress.bar(sent: 900, total: 100).count == 22)
    }
}
