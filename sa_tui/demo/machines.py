"""The system accounts of Meridian Freight: pipelines, platform, observers and partners."""

from __future__ import annotations

from sa_tui.demo.company import (
    CUSTOMS,
    INTEGRATIONS,
    ORGANIZATION_ADMIN,
    PLATFORM,
    READERS,
    RELEASE,
    Account,
    SeedGrant,
    Token,
)
from sa_tui.demo.oddities import LEFT_OVERS

_PIPELINES = (
    Account(
        "ci-prod-deployer",
        description="Deploys gateway configuration to production from GitHub Actions. "
        "owner: platform@meridianfreight.example",
        age=610,
        # Two live tokens: the new one is rolled out while the old one still works.
        tokens=(
            Token("gha-prod-2", age=82, expires_in=8, used_ago=0.2),
            Token("gha-prod-3", age=6, expires_in=84, used_ago=0.01),
        ),
        grants=(SeedGrant("Deployer", entity="prod-us", region="us"),),
        teams=(RELEASE,),
    ),
    Account(
        "ci-eu-deployer",
        description="Deploys to the European control planes. "
        "owner: platform@meridianfreight.example",
        age=505,
        tokens=(Token("gitlab-eu", age=40, expires_in=140, used_ago=0.1),),
        grants=(
            SeedGrant("Deployer", entity="prod-eu", region="eu"),
            SeedGrant("Deployer", entity="staging-eu", region="eu"),
        ),
        teams=(RELEASE,),
    ),
    Account(
        "ci-au-deployer",
        description="Deploys to prod-au. owner: tobias.lindqvist@meridianfreight.example",
        age=330,
        tokens=(Token("buildkite-au", age=89, expires_in=0.9, used_ago=0.05),),
        grants=(SeedGrant("Deployer", entity="prod-au", region="au"),),
    ),
    Account(
        "ci-staging-deployer",
        description="Deploys every merge to the staging control planes.",
        age=470,
        tokens=(Token("gha-staging", age=120, expires_in=245, used_ago=0.02),),
        grants=(
            SeedGrant("Admin", entity="staging-us", region="us"),
            SeedGrant("Admin", entity="staging-eu", region="eu"),
        ),
    ),
    Account(
        "ci-sandbox",
        description="Short-lived previews for pull requests.",
        age=210,
        tokens=(
            Token("preview-old", age=60, expires_in=-30, used_ago=31),
            Token("preview", age=29, expires_in=1.2, used_ago=0.3),
        ),
        grants=(SeedGrant("Creator"), SeedGrant("Admin", entity="sandbox-us", region="us")),
    ),
    Account(
        "api-publisher-ci",
        description="Publishes API versions after review. "
        "owner: meiling.zhao@meridianfreight.example",
        age=260,
        tokens=(Token("publish", age=50, expires_in=130, used_ago=1.4),),
        grants=(
            SeedGrant("Publisher", type_name="APIs"),
            SeedGrant("Publisher", type_name="API Products", region="us"),
        ),
    ),
    Account(
        "argo-rollouts",
        description="Shifts traffic between route weights during a canary.",
        age=190,
        tokens=(Token("argo", age=44, expires_in=46, used_ago=0.6),),
        grants=(SeedGrant("Route Admin", entity="prod-us", region="us"),),
    ),
    Account(
        "legacy-jenkins",
        description="Old build server; should be gone.",
        age=1320,
        tokens=(
            Token("jenkins", age=520, expires_in=-155, used_ago=170),
            Token("jenkins-2", age=400, expires_in=-35, used_ago=36),
        ),
        grants=(SeedGrant("Admin", type_name="Control Plane Groups", entity="gone", region="us"),),
    ),
    Account(
        "mobile-release-bot",
        description="Tags mobile releases.",
        age=95,
        tokens=(Token("fastlane", age=95, expires_in=85, used_ago=12),),
    ),
)

_PLATFORM = (
    Account(
        "konnect-orchestrator",
        description="Creates teams, control planes and portals from the platform repository. "
        "owner: ines.castellanos@meridianfreight.example",
        age=720,
        tokens=(Token("orchestrator", age=20, expires_in=70, used_ago=0.04),),
        teams=(ORGANIZATION_ADMIN,),
    ),
    Account(
        "token-minter",
        description="Rotates the tokens of the other accounts. "
        "owner: amara.okafor@meridianfreight.example review: quarterly",
        age=340,
        tokens=(Token("minter", age=12, expires_in=18, used_ago=0.5),),
        grants=(SeedGrant("Admin", type_name="Identity"),),
    ),
    Account(
        "terraform-prod",
        description="Applies the infrastructure repository.",
        age=690,
        tokens=(
            Token("tfc-prod", age=200, expires_in=165, used_ago=0.9),
            Token("laptop-tobias", age=130, expires_in=50, used_ago=97),
            Token("import-run", age=61, expires_in=119),
        ),
        grants=(
            SeedGrant("Admin"),
            SeedGrant("Creator"),
            SeedGrant("Network Creator", type_name="Networks"),
            SeedGrant("Admin", type_name="Portals"),
        ),
        teams=(PLATFORM,),
    ),
    Account(
        "terraform-eu",
        description="Applies the European workspace only.",
        age=410,
        tokens=(Token("tfc-eu", age=75, expires_in=15, used_ago=1.1),),
        grants=(SeedGrant("Admin", region="eu"), SeedGrant("Creator", region="eu")),
    ),
    Account(
        "mesh-zone-eu-1",
        description="Zone eu-1 of mesh-eu.",
        age=280,
        tokens=(Token("zone-eu-1", age=280, expires_in=85, used_ago=0.01),),
        grants=(
            SeedGrant("Connector", type_name="Mesh Control Planes", entity="mesh-eu", region="eu"),
        ),
        managed=True,
    ),
    Account(
        "mesh-zone-us-1",
        description="Zone us-1 of mesh-us.",
        age=150,
        tokens=(Token("zone-us-1", age=150, expires_in=215, used_ago=0.01),),
        grants=(
            SeedGrant("Connector", type_name="Mesh Control Planes", entity="mesh-us", region="us"),
        ),
        managed=True,
    ),
    Account(
        "k8s-operator-us",
        description="Kong Operator in cluster freight-us.",
        age=230,
        tokens=(Token("operator", age=25, expires_in=65, used_ago=0.01),),
        grants=(SeedGrant("Admin", entity="mobile-edge", region="us"),),
    ),
    Account(
        "deck-backup-nightly",
        description="Dumps every control plane at 02:00 UTC. "
        "owner: platform@meridianfreight.example",
        age=450,
        tokens=(Token("backup", age=100, expires_in=80, used_ago=0.4),),
        teams=(READERS,),
    ),
    Account(
        "cert-rotator",
        description="Renews certificates on the production control planes.",
        age=365,
        tokens=(Token("cert-manager", age=59, expires_in=31, used_ago=6),),
        grants=(
            SeedGrant("Certificate Admin", entity="prod-us", region="us"),
            SeedGrant("Certificate Admin", entity="prod-eu", region="eu"),
            SeedGrant("SNI Admin", entity="prod-us", region="us"),
        ),
    ),
    Account(
        "vault-secrets-sync",
        description="Mirrors vault references into the control planes.",
        age=310,
        tokens=(Token("vault-agent", age=88, expires_in=92, used_ago=0.2),),
        grants=(SeedGrant("Vault Admin"), SeedGrant("Key Admin")),
    ),
    Account(
        "incident-responder",
        description="Break-glass. Opened by two people, review after use.",
        age=240,
        tokens=(Token("sealed", age=200, expires_in=165),),
        teams=("control-plane-admin",),
    ),
    Account(
        "addon-manager",
        description="Sizes the managed cache.",
        age=70,
        tokens=(Token("addons", age=70, expires_in=20, used_ago=9),),
        grants=(SeedGrant("Add On Admin", type_name="Add Ons", entity="redis-us"),),
    ),
    Account(
        "audit-log-shipper",
        description="Configures the audit log webhook.",
        age=390,
        tokens=(Token("siem", age=160, expires_in=20, used_ago=2.5),),
        grants=(SeedGrant("Admin", type_name="Audit Logs"),),
    ),
    Account(
        "event-gateway-bootstrap",
        description="Creates event gateways for the depots.",
        age=28,
        tokens=(Token("bootstrap", age=28, expires_in=2, used_ago=20),),
        grants=(SeedGrant("Event Gateways Creator"),),
    ),
)

_OBSERVERS = (
    Account(
        "metrics-readonly",
        description="Scrapes control plane metrics in the us region.",
        age=580,
        tokens=(Token("prometheus", age=30, expires_in=60, used_ago=0.01),),
        grants=(
            SeedGrant("Viewer", region="us"),
            SeedGrant("Viewer", type_name="Dashboards", region="us"),
        ),
    ),
    Account(
        "grafana-exporter",
        description="",
        age=520,
        tokens=(Token("grafana", age=310, expires_in=55, used_ago=118),),
        grants=(SeedGrant("Viewer"),),
    ),
    Account(
        "datadog-sync",
        description="Sends usage to Datadog.",
        age=600,
        tokens=(Token("datadog", age=300, expires_in=60, used_ago=200),),
        grants=(SeedGrant("Viewer", type_name="Reports"),),
    ),
    Account(
        "dashboards-provisioner",
        description="Creates the weekly dashboards.",
        age=170,
        tokens=(Token("weekly", age=20, expires_in=160, used_ago=3),),
        grants=(
            SeedGrant("Creator", type_name="Dashboards"),
            SeedGrant("Creator", type_name="Reports"),
        ),
    ),
    Account(
        "billing-meter-ingest",
        description="Sends metered parcels to billing.",
        age=55,
        tokens=(Token("ingest", age=55, expires_in=125, used_ago=0.01),),
        grants=(SeedGrant("Ingest", type_name="Metering"),),
    ),
)

_PARTNERS = (
    Account(
        "portal-content-sync",
        description="Pushes the portal pages from the docs repository. "
        "owner: meiling.zhao@meridianfreight.example",
        age=320,
        tokens=(Token("docs-main", age=66, expires_in=24, used_ago=0.7),),
        grants=(
            SeedGrant(
                "Content Editor", type_name="Portals", entity="Developer Portal", region="us"
            ),
            SeedGrant("Viewer", type_name="APIs"),
        ),
    ),
    Account(
        "partner-onboarding",
        description="Registers partner applications.",
        age=275,
        tokens=(Token("crm", age=110, expires_in=70, used_ago=0.9),),
        grants=(
            SeedGrant("Maintainer", type_name="Portals", entity="Partner Portal EU", region="eu"),
            SeedGrant("Maintainer", type_name="Application Auth Strategies"),
        ),
        teams=(INTEGRATIONS,),
    ),
    Account(
        "dcr-bridge-okta",
        description="Bridges client registration to Okta.",
        age=205,
        tokens=(Token("okta", age=90, expires_in=90, used_ago=4),),
        grants=(
            SeedGrant("Maintainer", type_name="DCR Providers", entity="okta-partners", region="us"),
        ),
    ),
    Account(
        "customs-gateway",
        description="Files customs declarations. owner: juergen.weiss@meridianfreight.example",
        age=480,
        tokens=(Token("declarations", age=140, expires_in=40, used_ago=0.3),),
        teams=(CUSTOMS,),
    ),
    Account(
        "backstage-catalog",
        description="Imports services into the developer catalog; waits for its first token.",
        age=9,
        grants=(
            SeedGrant("Integration Admin", type_name="Service Hub"),
            SeedGrant("Service Viewer", type_name="Service Hub", region="us"),
        ),
    ),
)

ACCOUNTS = (*_PIPELINES, *_PLATFORM, *_OBSERVERS, *_PARTNERS, *LEFT_OVERS)
"""Every account the company has on an ordinary day."""
