import ORKit
import Testing

@testable import orkd

@Suite("JSON of the routes of users")
struct WebValueTests {
    private func text(_ value: WebValue) -> String { String(decoding: value.bytes, as: UTF8.self) }

    @Test("members stand in their order, and amounts digit by digit")
    func order() {
        let value: WebValue = [
            "z": .number(-1), "a": .decimal("0.30"), "n": .null, "t": true, "s": "a\"b\n",
            "l": WebValue(["x", "y"]), "o": [:],
        ]
        #expect(
            text(value)
                == #"{"z":-1,"a":0.30,"n":null,"t":true,"s":"a\"b\u000a","l":["x","y"],"o":{}}"#)
    }

    @Test(
        "ratios are rounded to hundredths, and are never whole numbers",
        arguments: [
            (150, 1000, 100, "15.0"), (1, 3, 100, "33.33"), (2, 3, 100, "66.67"), (200, 3, 1, "66.67"),
            (0, 5, 1, "0.0"), (5, 0, 1, "0.0"), (1, 200, 1, "0.01"), (5, 100, 1, "0.05"), (7, 7, 1, "1.0"),
            (Int64.max, 1, 1, "9223372036854775807.0"),
        ] as [(Int64, Int64, Int64, String)])
    func ratio(part: Int64, whole: Int64, scale: Int64, wanted: String) {
        #expect(text(.ratio(part, of: whole, scale: scale)) == wanted)
    }

    @Test("what credits are worth is counted in whole numbers, whatever their size")
    func worth() {
        let price = Money(pico: 20 * Money.picoPerDollar)
        #expect(Credits.worth(15_000, atMillion: price).decimal == "0.30")
        #expect(Credits.worth(1, atMillion: price).decimal == "0.00002")
        #expect(Credits.worth(.max, atMillion: price).pico == .max)
        #expect(Credits.worth(.min, atMillion: price).pico == .min)
    }

    @Test(
        "who is asking is found out for whole trees of paths",
        arguments: [
            ("/admin", WebAccess.admin), ("/admin/", .admin), ("/admin/x/y", .admin),
            ("/administrator", .open),
            ("/user", .user), ("/user/balance", .user), ("/users", .open), ("/", .open),
            ("/metrics", .metrics),
            ("/metrics/x", .open), ("/models", .open), ("/health", .open), ("/auth/register", .register),
        ])
    func access(path: String, wanted: WebAccess) {
        #expect(WebAccess(path: path.utf8) == wanted)
    }

    @Test("the access of every route is that of its path", arguments: WebRoute.allCases)
    func routes(route: WebRoute) {
        let access = WebAccess(path: route.path.utf8)
        #expect(access == (route.isOpen ? .register : route.permission == nil ? .admin : .user))
    }

    @Test("days and months begin where the calendar says, in UTC")
    func calendar() throws {
        for (time, day, month) in [
            ("2026-11-22T21:47:28.123Z", "2026-11-22T00:00:00Z", "2026-11-01T00:00:00Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z", "2024-02-01T00:00:00Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T00:00:00Z", "1969-12-01T00:00:00Z"),
        ] {
            let wall = try #require(WallTime(rfc3339: time))
            #expect(wall.startOfDay.rfc3339 == day && wall.startOfMonth.rfc3339 == month)
            #expect(wall < wall.endOfHour && wall.endOfHour.milliseconds - wall.milliseconds <= 3_600_000)
            #expect(wall.endOfHour.milliseconds % 3_600_000 == 0)
        }
    }
}
