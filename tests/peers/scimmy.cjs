// A SCIM 2.0 service made of the packages scimmy and scimmy-routers, with its resources in memory.
//   NODE_PATH=…/node_modules node scimmy.cjs TOKEN FILE
// It takes a free port, says where it serves, and at SIGINT writes its resources to FILE as a JSON array.
//
// The packages leave storage to whoever uses them, so these are ours: a userName is taken once, whatever its case; the
// displayName of a group is not; a deleted user stays in the members of groups.
"use strict";

const { randomUUID } = require("node:crypto");
const { writeFileSync } = require("node:fs");
const express = require("express");
const SCIMMY = require("scimmy");
const routers = require("scimmy-routers");

const [token, file] = process.argv.slice(2);
const shelves = { User: new Map(), Group: new Map() };

const failure = (status, type, detail) => new SCIMMY.Types.Error(status, type, detail);

function find(shelf, id) {
    if (!shelf.has(id)) throw failure(404, null, `there is no resource ${id}`);
    return shelf.get(id);
}

function refuseTakenName(shelf, name, id) {
    const folded = name.toLowerCase();
    for (const other of shelf.values()) {
        if (other.id !== id && other.userName.toLowerCase() === folded) {
            throw failure(409, "uniqueness", `the userName ${name} is taken`);
        }
    }
}

function handlers(type) {
    const shelf = shelves[type];
    return {
        // Called for a create, and for a replacement or a patch with what it comes to.
        ingress(resource, data) {
            const { schemas, meta, ...attributes } = JSON.parse(JSON.stringify(data));
            const before = resource.id === undefined ? undefined : find(shelf, resource.id);
            const id = before?.id ?? randomUUID();
            if (type === "User") refuseTakenName(shelf, attributes.userName, id);
            // The package shows a password here once, and never in what it makes of a resource.
            const password = data.password ?? before?.password;
            const now = new Date().toISOString();
            const times = { created: before?.meta.created ?? now, lastModified: now };
            const record = { ...attributes, password, id, meta: times };
            shelf.set(id, record);
            return record;
        },
        egress(resource) {
            if (resource.id !== undefined) return find(shelf, resource.id);
            const all = [...shelf.values()];
            return resource.filter ? resource.filter.match(all) : all;
        },
        degress(resource) {
            find(shelf, resource.id);
            shelf.delete(resource.id);
        },
    };
}

const extensions = [{ schema: SCIMMY.Schemas.EnterpriseUser, required: false }];
SCIMMY.Resources.declare(SCIMMY.Resources.User, { ...handlers("User"), extensions });
SCIMMY.Resources.declare(SCIMMY.Resources.Group, handlers("Group"));

const application = express();
const server = application.listen(0, "127.0.0.1", () => {
    const origin = `http://127.0.0.1:${server.address().port}`;
    const authenticate = (request) => {
        if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("the token is wrong");
        return "tests";
    };
    const scim = new routers.default({ type: "bearer", baseUri: () => origin, handler: authenticate });
    application.use("/scim/v2", scim);
    console.log(`Serving SCIM on ${origin}/scim/v2`);
});

process.on("SIGINT", () => {
    const told = (type) => ([, record]) => ({ ...record, meta: { ...record.meta, resourceType: type } });
    const resources = Object.keys(shelves).flatMap((type) => [...shelves[type]].map(told(type)));
    writeFileSync(file, JSON.stringify(resources));
    process.exit(0);
});
