"""Left-over system accounts, and, on request, some that no real Konnect has."""

from __future__ import annotations

from sa_tui.demo.company import UNREADABLE_TIME, Account, SeedGrant, Token

LEFT_OVERS = (
    Account(
        "sandbox-reset",
        description="Empties the sandbox every Sunday.",
        age=430,
        tokens=(Token("sunday", age=150, expires_in=30, used_ago=3),),
        grants=(
            SeedGrant("Admin", entity="sandbox-us", region="us"),
            SeedGrant("Admin", entity="gone", region="eu"),
        ),
    ),
    Account(
        "poc-ai-gateway",
        description="Temporary, delete after the summer demo.",
        age=340,
        tokens=(Token("test", age=300, expires_in=65, used_ago=281),),
        grants=(SeedGrant("Admin", entity="sandbox-us", region="us"),),
    ),
    Account(
        "tmp-load-test",
        description="tmp-load-test",
        age=72,
        tokens=(Token("tmp", age=72, expires_in=108),),
        grants=(SeedGrant("Viewer", entity="staging-us", region="us"),),
    ),
    Account("reserved-for-sre", description="", age=150),
    Account(
        "Ci-Prod-Deployer",
        description="Created by hand with a slip of the shift key; nobody knows if it is used.",
        age=118,
        tokens=(Token("gha-prod-2", age=118, expires_in=62),),
        grants=(SeedGrant("Deployer", entity="prod-us", region="us"),),
    ),
)

ODD = (
    Account(
        "[/foo]",
        description="A closing tag [/] without an opening one, [bold]bold[/bold] and \\[escaped].",
        age=31,
        tokens=(Token("[b]token[/b]", age=30, expires_in=60, used_ago=2),),
    ),
    Account(
        "[red]x[/red] ci",
        description="[@click=app.quit]press me[/]",
        age=30,
        grants=(SeedGrant("Viewer", entity="sandbox-us", region="us"),),
    ),
    Account(
        "\x1b]52;c;bm90IHlvdXJz\x07clipboard\x1b[31m red\x1b[0m",
        description="Sets the clipboard \x1b]52;c;Zm9v\x1b\\, rings \x07, goes\r\nto the next line"
        "\x9b2J and clears the screen.",
        age=29,
        tokens=(Token("esc\x1b[2Jape", age=29, expires_in=61, used_ago=28),),
    ),
    Account(
        "🚚 parcel-bot 配送ボット 👩🏽‍💻",
        description="Emoji of one, two and more code points: 🇪🇺 ✈️ 👨‍👩‍👧‍👦, and 全角文字.",
        age=160,
        tokens=(Token("配送-🔑", age=33, expires_in=57, used_ago=1.2, created_at=UNREADABLE_TIME),),
        grants=(SeedGrant("Viewer", entity="prod-us", region="us"),),
    ),
    Account(
        "invoice-\u202egnp.tob\u202c בוט-חשבוניות",
        description="Right-to-left text with an override: \u202edeksirreverse\u202c "
        "and zero-width\u200b\u200djoiners\ufeff.",
        age=155,
        tokens=(Token("\u202enekot", age=45, expires_in=45, used_ago=30),),
    ),
    Account(
        ("long-name-" * 30)[:300],
        description="A description that goes on. " * 40,
        age=140,
        tokens=(Token("t" * 300, age=12, expires_in=78, used_ago=0.8),),
        grants=(SeedGrant("Viewer", entity="staging-eu", region="eu"),),
    ),
)
