import Foundation
import ORKit
import Testing

@testable import orkd

/// orkd-api(7) and orkctl(1), held against the tables that they describe.
enum APIManual {
    /// `.B GET /v1/status` for every route, and for nothing else.
    static func violations(ofRoutes page: String, routes: [String] = Route.allCases.map(\.rawValue))
        -> [String]
    {
        let listed = entries(of: page).filter { $0.hasPrefix("GET /v1/") || $0.contains(" /v1/") }
        return difference(listed, routes)
    }

    /// The same for the routes of users and administrators.
    static func violations(
        ofWebRoutes page: String, routes: [String] = WebRoute.allCases.map(\.rawValue)
    ) -> [String] {
        let listed = entries(of: page).filter {
            $0.contains(" /user/") || $0.contains(" /admin/") || $0.contains(" /auth/")
        }
        return difference(listed, routes)
    }

    /// `.B code`, then HTTP status, exit code and scope on a line, then the
    /// title.
    static func violations(ofCodes page: String, codes: [ErrorCode] = ErrorCode.allCases) -> [String] {
        let text = part("ERROR CODES", of: page)
        let listed = entries(of: text)
        return difference(listed, codes.map(\.rawValue))
            + codes.filter { listed.contains($0.rawValue) }.compactMap { code in
                let entry = code.entry
                let title = entry.title.prefix(1).uppercased() + entry.title.dropFirst()
                let wanted =
                    "\(code.rawValue)\n\(entry.status), \(entry.exit), \(entry.scope.rawValue).\n\(title)"
                return text.contains(".B " + wanted) ? nil : "\(code.rawValue): not as in the catalogue"
            }
    }

    /// Exit codes of the catalogue that orkctl(1) does not explain.
    static func violations(ofExits page: String) -> [String] {
        let listed = Set(entries(of: part("EXIT STATUS", of: page)))
        let used = Set(ErrorCode.allCases.map(\.entry.exit)).subtracting([130])
        return used.map(String.init).filter { !listed.contains($0) }.sorted()
    }

    private static func difference(_ listed: [String], _ known: [String]) -> [String] {
        Set(known).subtracting(listed).sorted().map { "\($0): no entry" }
            + Set(listed).subtracting(known).sorted().map { "\($0): not there" }
    }

    private static func entries(of page: String) -> [String] {
        plain(page).split(separator: "\n").filter { $0.hasPrefix(".B ") }.map { String($0.dropFirst(3)) }
    }

    /// From the heading to the next one.
    private static func part(_ heading: String, of page: String) -> String {
        let lines = plain(page).split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0.hasPrefix(".SH") && $0.contains(heading) }.map { $0 + 1 }
        guard let start else { return "" }
        return lines[start...].prefix { !$0.hasPrefix(".SH") }.joined(separator: "\n")
    }

    private static func plain(_ page: String) -> String {
        [
            ("\\-", "-"), ("\\[lq]", "“"), ("\\[rq]", "”"), ("\\(lq", "“"), ("\\(rq", "”"), ("\\&", ""),
            ("\\(aq", "'"),
        ]
        .reduce(page) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }
}

@Suite("Manual of the control API")
struct APIManualTests {
    @Test("orkd-api(7) has an entry for every route and for no other")
    func routes() throws {
        #expect(APIManual.violations(ofRoutes: try SourceTree.text("man/orkd-api.7")) == [])
    }

    @Test("orkd-api(7) has an entry for every route of users and administrators, and for no other")
    func webRoutes() throws {
        #expect(APIManual.violations(ofWebRoutes: try SourceTree.text("man/orkd-api.7")) == [])
    }

    @Test("orkd-api(7) tells of every code what the catalogue does")
    func codes() throws {
        #expect(APIManual.violations(ofCodes: try SourceTree.text("man/orkd-api.7")) == [])
    }

    @Test("orkctl(1) explains every exit code that the catalogue gives")
    func exits() throws {
        #expect(APIManual.violations(ofExits: try SourceTree.text("man/orkctl.1")) == [])
    }

    @Test("planted gaps are found")
    func planted() {
        let page = ".SH ROUTES\n.TP\n.B GET /v1/a\n.TP\n.B GET /v1/c\n"
        #expect(
            APIManual.violations(ofRoutes: page, routes: ["GET /v1/a", "POST /v1/b"])
                == ["POST /v1/b: no entry", "GET /v1/c: not there"])
        #expect(
            APIManual.violations(
                ofWebRoutes: ".B GET /user/a\n.B GET /admin/c\n", routes: ["GET /user/a", "PUT /user/b"])
                == ["PUT /user/b: no entry", "GET /admin/c: not there"])
        let codes = ".SH ERROR CODES\n.TP\n.B draining\n1, 2, key.\nWrong.\n.TP\n.B no\\-such\n"
        #expect(
            APIManual.violations(ofCodes: codes, codes: [.draining, .overloaded])
                == [
                    "overloaded: no entry", "no-such: not there", "draining: not as in the catalogue",
                ])
        #expect(APIManual.violations(ofExits: ".SH EXIT STATUS\n.TP\n.B 1\n").contains("64"))
    }
}
