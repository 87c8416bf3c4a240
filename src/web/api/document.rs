//! The API's own document: `OpenAPI` 3.1, with every form of the scheme in force as a schema.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::app::App;
use crate::domain::check::{Check, CheckResult};
use crate::domain::contact::Way;
use crate::domain::person::Person;
use crate::domain::scope::Scope;
use crate::engine::definition::Definition;
use crate::engine::definition::record::{Field, Kind, Record};
use crate::engine::definition::yaml::{Entries, Unconfirmed, Word};

/// Where anybody applies, under the schemes that have a public form.
const APPLICATIONS: &str = "/api/v1/at/{authority}/{address}/applications";
/// Where signed-in professionals refer.
const REFERRALS: &str = "/api/v1/schemes/{scheme}/referrals";

/// Adds the forms and the scopes to what the handlers say of themselves.
pub fn complete(document: utoipa::openapi::OpenApi, app: &App) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    let scopes = Scope::ALL.map(|(_, name, allows)| (name.to_owned(), json!(allows)));
    let scopes: serde_json::Map<_, _> = scopes.into_iter().collect();
    document["components"]["securitySchemes"]["client"] = json!({
        "type": "oauth2", "description": "A client has a role, as a person has; a scope only narrows what that role may do.",
        "flows": {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": scopes}},
    });
    let mut applications = BTreeSet::new();
    let mut referrals = BTreeSet::new();
    for definition in in_force(app) {
        let scheme = &definition.scheme;
        for (name, record) in &definition.records {
            document["components"]["schemas"][schema_name(&scheme.scheme, name)] = schema(record);
        }
        let named = |form| schema_name(&scheme.scheme, form);
        let public = scheme.intake.public_form.iter();
        applications.extend(public.map(|form| named(form)));
        referrals.insert(named(&scheme.intake.referral_form));
    }
    if applications.is_empty()
        && let Some(paths) = document["paths"].as_object_mut()
    {
        paths.remove(APPLICATIONS);
    }
    let asked = [(APPLICATIONS, applications), (REFERRALS, referrals)];
    for (path, forms) in asked.into_iter().filter(|(_, forms)| !forms.is_empty()) {
        let forms = forms
            .iter()
            .map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
        document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"] =
            json!({"anyOf": forms.collect::<Vec<_>>()});
    }
    document
}

/// The schemes that are run here.
fn in_force(app: &App) -> Vec<Arc<Definition>> {
    let authorities = app.definitions.authorities().values();
    let run = authorities.flat_map(|authority| {
        let schemes = authority.schemes.names();
        schemes.filter_map(|scheme| app.in_force(&authority.name, scheme).ok())
    });
    run.map(|edition| edition.definition).collect()
}

/// The name of a scheme's form among the schemas.
fn schema_name(scheme: &str, record: &str) -> String {
    format!("{scheme}.{record}")
}

/// A form as the API tells of it: enough to fill it in.
pub fn form(record: &Record) -> Value {
    json!({"name": record.record.text, "label": record.label, "help": record.help, "fields": fields(&record.fields)})
}

fn fields(fields: &Entries<Field>) -> Value {
    let fields = fields.iter().map(|(name, field)| {
        json!({
            "name": name.text, "label": field.label, "help": field.help, "kind": field.kind.name(), "class": field.class,
            "required": field.required, "required_when": required_when(field), "options": options(field), "rows": rows(field),
            "fields": self::fields(&field.fields), "min": field.min, "max": field.max, "example": field.sample(),
            "unconfirmed": field.unconfirmed.as_ref().map(Unconfirmed::sentence),
        })
    });
    fields.collect()
}

/// Choices beside the field, each with the options that make it required.
fn required_when(field: &Field) -> Value {
    let cases = field.required_when.iter();
    let cases = cases.map(|(name, options)| {
        let options: Vec<&str> = options.iter().map(|option| &**option).collect();
        (name.text.clone(), json!(options))
    });
    Value::Object(cases.collect())
}

fn options(field: &Field) -> Value {
    field
        .options
        .iter()
        .map(|(name, label)| (name.text.clone(), json!(label)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn rows(field: &Field) -> Value {
    field
        .rows
        .iter()
        .map(|(name, row)| (name.text.clone(), json!(row.label)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A form as a JSON Schema with its examples.
fn schema(record: &Record) -> Value {
    let mut schema = object(&record.fields);
    schema["title"] = json!(record.label);
    schema["description"] = json!(record.help);
    schema["example"] = json!(record.examples());
    schema
}

/// The fields of a form, or of an entry in it.
fn object(fields: &Entries<Field>) -> Value {
    let properties = fields
        .iter()
        .map(|(name, field)| (name.text.clone(), property(field)));
    let properties: serde_json::Map<_, _> = properties.collect();
    let required = fields.iter().filter(|(_, field)| field.required);
    let required: Vec<_> = required.map(|(name, _)| &name.text).collect();
    let mut object = json!({
        "type": "object", "additionalProperties": false, "properties": properties, "required": required,
    });
    let conditions: Vec<Value> = fields.iter().flat_map(conditions).collect();
    if !conditions.is_empty() {
        object["allOf"] = json!(conditions);
    }
    object
}

fn conditions((name, field): (&Word, &Field)) -> Vec<Value> {
    let cases = field.required_when.iter().map(|(choice, options)| {
        let options: Vec<&str> = options.iter().map(|option| &**option).collect();
        json!({
            "if": {"properties": {&choice.text: {"enum": options}}, "required": [choice.text]},
            "then": {"required": [name.text]},
        })
    });
    cases.collect()
}

fn property(field: &Field) -> Value {
    let text = |parts: &[&str]| -> Value {
        parts
            .iter()
            .map(|part| ((*part).to_owned(), json!({"type": "string"})))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let mut shape = match field.kind {
        Kind::Text | Kind::LongText => json!({"type": "string", "maxLength": field.longest()}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::PartialDate => json!({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}),
        Kind::DateTime => json!({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"}),
        Kind::Choice | Kind::Authority => {
            json!({"type": "string", "enum": field.options.names().collect::<Vec<_>>()})
        }
        Kind::Choices => {
            json!({"type": "array", "items": {"type": "string", "enum": field.options.names().collect::<Vec<_>>()}})
        }
        Kind::YesNo => json!({"type": "boolean"}),
        Kind::Number => json!({"type": "integer", "minimum": field.min, "maximum": field.max}),
        Kind::Person => {
            json!({"type": "object", "properties": text(&Person::PARTS.map(|(name, _)| name))})
        }
        Kind::Addresses => {
            json!({"type": "array", "items": {"type": "object", "properties": text(&["address", "from", "to"])}})
        }
        Kind::Contact => {
            let mut parts = text(&["details", "safe_times", "never", "code_word"]);
            parts["way"] = json!({"type": "string", "enum": Way::ALL.map(|(_, name, _)| name)});
            parts["voicemail"] = json!({"type": "boolean"});
            json!({"type": "object", "properties": parts, "required": ["way"]})
        }
        Kind::Checks => checks(field, text(&Check::PARTS)),
        Kind::Entries => {
            let least = field.required.then_some(1);
            json!({"type": "array", "minItems": least, "maxItems": field.most(), "items": object(&field.fields)})
        }
    };
    if let Some(map) = shape.as_object_mut() {
        map.retain(|_, value| !value.is_null());
        map.insert("title".to_owned(), json!(field.label));
    }
    shape
}

fn checks(field: &Field, mut row: Value) -> Value {
    row["result"] = json!({"type": "string", "enum": CheckResult::ALL.map(|(_, name, _)| name)});
    let shape = json!({"type": "object", "properties": row, "required": ["result"]});
    let rows: serde_json::Map<_, _> = field
        .rows
        .names()
        .map(|name| (name.to_owned(), shape.clone()))
        .collect();
    json!({"type": "object", "properties": rows, "additionalProperties": false})
}
