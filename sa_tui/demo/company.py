"""Meridian Freight, the company of the demo, with times in days before now.

Only facts are here; seed.py turns them into rows.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "Meridian Freight"
LOGIN_PATH = "meridian-freight"
UNREADABLE_TIME = "2025-01-12:15:54Z"
"""A `created_at` from one of Kong's samples, which cannot be parsed."""


@dataclass(frozen=True)
class SeedGrant:
    """A role; `entity` is a name from ENTITIES, `*`, or `gone` for something deleted."""

    role_name: str
    _: KW_ONLY
    type_name: str = "Control Planes"
    entity: str = "*"
    region: str = "*"


@dataclass(frozen=True)
class Token:
    """An access token; `expires_in` below zero has expired, without `used_ago` it is unused.

    Only a person's token has `revoked_ago`, in days.
    """

    name: str
    _: KW_ONLY
    age: float
    expires_in: float
    used_ago: float | None = None
    created_at: str | None = None
    revoked_ago: float | None = None


@dataclass(frozen=True)
class Account:
    """A system account with its tokens, grants and teams."""

    name: str
    _: KW_ONLY
    description: str
    age: float
    tokens: tuple[Token, ...] = ()
    grants: tuple[SeedGrant, ...] = ()
    teams: tuple[str, ...] = ()
    managed: bool = False


@dataclass(frozen=True)
class Person:
    """A user."""

    name: str
    _: KW_ONLY
    email: str
    age: float
    teams: tuple[str, ...] = ()
    grants: tuple[SeedGrant, ...] = ()
    tokens: tuple[Token, ...] = ()
    preferred_name: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class SeedTeam:
    """A team; a predefined one has neither labels nor listed grants."""

    name: str
    _: KW_ONLY
    description: str | None
    age: float
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    grants: tuple[SeedGrant, ...] = ()
    is_predefined: bool = False


def _predefined(name: str, description: str) -> SeedTeam:
    return SeedTeam(name, description=description, age=1400, is_predefined=True)


ORGANIZATION_ADMIN = "organization-admin"
ORGANIZATION_READER = "organization-admin-readonly"
"""Predefined teams by their names in the API; the console says "Organization Admin"."""

PLATFORM = "Platform Engineering"
RELEASE = "Release Bots"
CUSTOMS = "Customs EU"
READERS = "Read Everything"
INTEGRATIONS = "Integrations"

TEAMS = (
    _predefined("analytics-admin", "Manages every dashboard and report."),
    _predefined("analytics-viewer", "Reads every dashboard and report."),
    _predefined(ORGANIZATION_ADMIN, "Manages everything in the organization."),
    _predefined(ORGANIZATION_READER, "Reads everything in the organization."),
    _predefined("portal-admin", "Manages every portal."),
    _predefined("api-product-admin", "Creates and manages every API product."),
    _predefined("api-product-developer", "Maintains API products."),
    _predefined("control-plane-admin", "Creates and manages every control plane."),
    SeedTeam(
        PLATFORM,
        description="Runs the gateways. People and their automation share this team.",
        age=900,
        labels={"env": "prod", "cost-center": "4410"},
        grants=(
            SeedGrant("Admin", entity="prod-us", region="us"),
            SeedGrant("Admin", entity="prod-eu", region="eu"),
            SeedGrant("Viewer"),
        ),
    ),
    SeedTeam(
        RELEASE,
        description="Pipelines that deploy gateway configuration.",
        age=640,
        labels={"env": "prod", "kind": "machines"},
        grants=(
            SeedGrant("Deployer", entity="prod-us", region="us"),
            SeedGrant("Deployer", entity="prod-eu", region="eu"),
            SeedGrant("Deployer", entity="prod-au", region="au"),
        ),
    ),
    SeedTeam(
        CUSTOMS,
        description="Customs declarations for the European depots.",
        age=510,
        labels={"region": "eu"},
        grants=(
            SeedGrant("Maintainer", type_name="APIs", entity="Customs", region="eu"),
            SeedGrant(
                "Maintainer", type_name="API Products", entity="Customs Partner", region="eu"
            ),
        ),
    ),
    SeedTeam(
        READERS,
        description="Looks at everything, changes nothing.",
        age=420,
        grants=(
            SeedGrant("Viewer"),
            SeedGrant("Viewer", type_name="APIs"),
            SeedGrant("Viewer", type_name="Mesh Control Planes"),
            SeedGrant("Viewer", type_name="Dashboards"),
        ),
    ),
    SeedTeam(INTEGRATIONS, description="Partner onboarding.", age=380, labels={"env": "test"}),
    # Team names are not unique.
    SeedTeam(INTEGRATIONS, description="Carrier webhooks.", age=33, labels={"env": "prod"}),
    SeedTeam(
        "Depot Kiosks [retired]",
        description=None,
        age=700,
        labels={"KONGCTL-namespace": "depots"},
        grants=(SeedGrant("Route Admin", entity="prod-au", region="au"),),
    ),
)

OPERATOR = Person(
    "Ines Castellanos",
    email="ines.castellanos@meridianfreight.example",
    age=1390,
    teams=(ORGANIZATION_ADMIN, PLATFORM),
    tokens=(Token("sa-tui", age=20, expires_in=70, used_ago=0.1),),
    preferred_name="Ines",
)
PEOPLE = (
    OPERATOR,
    Person(
        "Tobias Lindqvist",
        email="tobias.lindqvist@meridianfreight.example",
        age=1210,
        teams=(PLATFORM, "control-plane-admin"),
        tokens=(
            Token("laptop", age=40, expires_in=50, used_ago=0.2),
            Token("old laptop", age=400, expires_in=-35, used_ago=60),
        ),
        preferred_name="Tobi",
    ),
    Person(
        "Amara Okafor",
        email="amara.okafor@meridianfreight.example",
        age=860,
        teams=(PLATFORM,),
        grants=(SeedGrant("Admin", type_name="Identity"),),
        tokens=(
            Token("decK", age=120, expires_in=245, used_ago=3),
            Token("left on the train", age=90, expires_in=275, used_ago=44, revoked_ago=43),
        ),
    ),
    Person(
        "Mei-Ling Zhao 赵美玲",
        email="meiling.zhao@meridianfreight.example",
        age=540,
        teams=("api-product-admin", "portal-admin"),
    ),
    Person(
        "Jürgen Weiß",
        email="juergen.weiss@meridianfreight.example",
        age=505,
        teams=(CUSTOMS,),
        grants=(SeedGrant("Viewer", entity="prod-eu", region="eu"),),
    ),
    Person(
        "Priya Raman",
        email="priya.raman@meridianfreight.example",
        age=300,
        teams=("analytics-admin", READERS),
    ),
    Person(
        "Luca Moretti",
        email="luca.moretti@meridianfreight.example",
        age=190,
        teams=(CUSTOMS,),
        tokens=(Token("to try it out", age=12, expires_in=353),),
    ),
    Person(
        "Hannah Whitlock",
        email="hannah.whitlock@meridianfreight.example",
        age=88,
        teams=(INTEGRATIONS,),
    ),
    Person(
        "Auditor [external]",
        email="review@northgate-audit.example",
        age=40,
        teams=(ORGANIZATION_READER,),
    ),
    Person("", email="sam.ortega@meridianfreight.example", age=4, is_active=False),
)

ENTITIES: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "/v2/control-planes": (
            ("prod-us", "us"),
            ("staging-us", "us"),
            ("sandbox-us", "us"),
            ("mobile-edge", "us"),
            ("prod-eu", "eu"),
            ("staging-eu", "eu"),
            ("prod-au", "au"),
        ),
        "/v3/apis": (
            ("Shipments", "us"),
            ("Tracking", "us"),
            ("Rates", "us"),
            ("Customs", "eu"),
            ("Depots", "au"),
        ),
        "/v2/api-products": (("Partner Tracking", "us"), ("Customs Partner", "eu")),
        "/v3/portals": (("Developer Portal", "us"), ("Partner Portal EU", "eu")),
        "/v1/mesh/control-planes": (("mesh-us", "us"), ("mesh-eu", "eu")),
        "/v2/application-auth-strategies": (("partner-key-auth", "us"), ("staff-oidc", "eu")),
        "/v2/dcr-providers": (("okta-partners", "us"),),
        "/v2/dashboards": (
            ("Gateway health", "us"),
            ("Partner usage", "us"),
            ("EU latency", "eu"),
        ),
        "/v1/catalog-services": (
            ("billing", "us"),
            ("route-planner", "us"),
            ("customs-desk", "eu"),
        ),
        "/v1/auth-servers": (("partner-login", "us"), ("depot-login", "au")),
        "/v2/cloud-gateways/networks": (("us-east-1", "global"), ("eu-central-1", "global")),
        "/v2/cloud-gateways/add-ons": (("redis-us", "global"),),
        "/v1/event-gateways": (("kafka-edge", "us"), ("kafka-customs", "eu")),
    }
)
"""Collection path -> (name, region) of its entities."""
