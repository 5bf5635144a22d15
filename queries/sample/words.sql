-- What:    The words the sample firm's invented names are made of.
-- Grain:   one list per kind of word; some words come twice so that they are met more often.
-- Source:  invented for the sample firm
set variable first_names = [
    'Aaron', 'Abigail', 'Adaeze', 'Adam', 'Aisha', 'Alan', 'Albert', 'Alejandra', 'Alex',
    'Alice', 'Amara', 'Amelia', 'Amir', 'Ana', 'Andre', 'Andrea', 'Angela', 'Anika', 'Anna',
    'Anthony', 'Antonio', 'Arjun', 'Arthur', 'Asha', 'Audrey', 'Aurora', 'Ava', 'Bao',
    'Beatriz', 'Benjamin', 'Bernard', 'Beth', 'Brandon', 'Brenda', 'Brian', 'Bridget', 'Caleb',
    'Camila', 'Carl', 'Carla', 'Carlos', 'Carmen', 'Caroline', 'Catherine', 'Cecilia', 'Chao',
    'Charles', 'Chidi', 'Chloe', 'Christina', 'Claire', 'Clara', 'Colin', 'Connor', 'Craig',
    'Cynthia', 'Daisy', 'Dalia', 'Daniel', 'Daria', 'David', 'Deborah', 'Denise', 'Derek',
    'Devon', 'Diana', 'Diego', 'Dmitri', 'Dolores', 'Dominic', 'Donna', 'Dorothy', 'Douglas',
    'Edith', 'Eduardo', 'Edward', 'Elaine', 'Eleanor', 'Elena', 'Eli', 'Elijah', 'Elise',
    'Elizabeth', 'Ellen', 'Emeka', 'Emilia', 'Emily', 'Emma', 'Eric', 'Esther', 'Ethan', 'Eva',
    'Evelyn', 'Farah', 'Fatima', 'Felix', 'Fiona', 'Florence', 'Frances', 'Francisco', 'Frank',
    'Gabriel', 'Gail', 'Garrett', 'George', 'Gianna', 'Gloria', 'Grace', 'Graham', 'Gregory',
    'Greta', 'Gwen', 'Hana', 'Hannah', 'Harold', 'Haruki', 'Heather', 'Hector', 'Helen',
    'Henry', 'Hiroshi', 'Holly', 'Howard', 'Hugo', 'Ian', 'Ibrahim', 'Imani', 'Ines', 'Ingrid',
    'Irene', 'Isaac', 'Isabel', 'Ivan', 'Jack', 'Jacob', 'James', 'Jamila', 'Jane', 'Janet',
    'Jasmine', 'Jason', 'Javier', 'Jean', 'Jennifer', 'Jerome', 'Jesse', 'Jill', 'Joan', 'Joel',
    'Johanna', 'John', 'Jonah', 'Jorge', 'Joseph', 'Joshua', 'Joyce', 'Juan', 'Judith', 'Julia',
    'Julian', 'June', 'Kamal', 'Karen', 'Kate', 'Keiko', 'Keith', 'Kenji', 'Kenneth', 'Kevin',
    'Khadija', 'Kim', 'Kofi', 'Kristen', 'Kwame', 'Kyle', 'Lakshmi', 'Lars', 'Laura', 'Lauren',
    'Lawrence', 'Leah', 'Leila', 'Leo', 'Leon', 'Leonard', 'Leticia', 'Liam', 'Lillian',
    'Linda', 'Linh', 'Lionel', 'Lisa', 'Lorenzo', 'Louis', 'Lucia', 'Lucy', 'Luis', 'Luther',
    'Lydia', 'Mabel', 'Madeline', 'Malik', 'Marcus', 'Margaret', 'Maria', 'Marie', 'Marina',
    'Mario', 'Mark', 'Marta', 'Martin', 'Mary', 'Mateo', 'Matthew', 'Maureen', 'Max', 'Maya',
    'Mei', 'Melanie', 'Melissa', 'Mercy', 'Michael', 'Miguel', 'Mina', 'Miranda', 'Miriam',
    'Mohammed', 'Molly', 'Monica', 'Morgan', 'Nadia', 'Naomi', 'Natalie', 'Nathan', 'Neil',
    'Nia', 'Nicholas', 'Nicole', 'Nina', 'Noah', 'Nora', 'Norman', 'Olga', 'Oliver', 'Olivia',
    'Omar', 'Oscar', 'Owen', 'Paige', 'Pamela', 'Patricia', 'Patrick', 'Paul', 'Pauline',
    'Pedro', 'Peter', 'Philip', 'Phoebe', 'Pierre', 'Priya', 'Quentin', 'Rachel', 'Rafael',
    'Raj', 'Ralph', 'Ramona', 'Raymond', 'Rebecca', 'Regina', 'Renee', 'Ricardo', 'Richard',
    'Rita', 'Robert', 'Roberta', 'Roger', 'Rohan', 'Rosa', 'Rose', 'Roy', 'Ruby', 'Russell',
    'Ruth', 'Ryan', 'Sabrina', 'Salma', 'Samira', 'Samuel', 'Sandra', 'Sanjay', 'Sara', 'Scott',
    'Sean', 'Sergio', 'Shirley', 'Simon', 'Sofia', 'Sonia', 'Stanley', 'Stella', 'Stephen',
    'Steven', 'Sunita', 'Susan', 'Sven', 'Tamara', 'Tanya', 'Teresa', 'Theodore', 'Thomas',
    'Tiffany', 'Timothy', 'Tobias', 'Tomas', 'Tran', 'Tyler', 'Uma', 'Valeria', 'Vanessa',
    'Vera', 'Victor', 'Victoria', 'Vikram', 'Vincent', 'Violet', 'Virginia', 'Walter', 'Wanda',
    'Wei', 'Wendy', 'Wesley', 'William', 'Winston', 'Xavier', 'Yara', 'Yasmin', 'Yuki', 'Yusuf',
    'Zachary', 'Zainab', 'Zara', 'Zoe'
];
set variable last_names = [
    'Abbott', 'Abdi', 'Acosta', 'Adams', 'Adeyemi', 'Agarwal', 'Aguilar', 'Ahmed', 'Albright',
    'Alexander', 'Allen', 'Almeida', 'Alvarez', 'Anderson', 'Andrews', 'Archer', 'Armstrong',
    'Arnold', 'Ashworth', 'Atkins', 'Avery', 'Bailey', 'Baker', 'Baldwin', 'Banerjee', 'Banks',
    'Barker', 'Barnes', 'Barrett', 'Bauer', 'Beaumont', 'Beck', 'Becker', 'Bell', 'Bennett',
    'Benson', 'Berger', 'Bergstrom', 'Bianchi', 'Bishop', 'Black', 'Blackwell', 'Blair',
    'Blake', 'Blanchard', 'Bloom', 'Bowen', 'Bowman', 'Boyd', 'Bradley', 'Brady', 'Brennan',
    'Brewer', 'Brooks', 'Brown', 'Bryant', 'Burke', 'Burns', 'Burton', 'Butler', 'Byrne',
    'Cabrera', 'Caldwell', 'Callahan', 'Cameron', 'Campbell', 'Cardoso', 'Carlson', 'Carpenter',
    'Carr', 'Carter', 'Caruso', 'Castillo', 'Castro', 'Chambers', 'Chan', 'Chandler', 'Chang',
    'Chapman', 'Chase', 'Chavez', 'Chen', 'Cheng', 'Cho', 'Choi', 'Chowdhury', 'Christensen',
    'Clark', 'Clarke', 'Cohen', 'Cole', 'Coleman', 'Collins', 'Conti', 'Contreras', 'Conway',
    'Cook', 'Cooper', 'Costa', 'Cox', 'Craig', 'Crawford', 'Cruz', 'Cunningham', 'Dalton',
    'Daniels', 'Davenport', 'Davidson', 'Davies', 'Davis', 'Dawson', 'Delgado', 'Desai',
    'Diallo', 'Diaz', 'Dixon', 'Dominguez', 'Donnelly', 'Douglas', 'Doyle', 'Drake', 'Dubois',
    'Duncan', 'Dunn', 'Duran', 'Eaton', 'Edwards', 'Ellis', 'Emerson', 'Eriksen', 'Espinoza',
    'Estrada', 'Evans', 'Farrell', 'Ferguson', 'Fernandez', 'Ferrari', 'Fischer', 'Fisher',
    'Fitzgerald', 'Fleming', 'Fletcher', 'Flores', 'Foley', 'Forbes', 'Foster', 'Fox',
    'Francis', 'Franklin', 'Frazier', 'Freeman', 'Friedman', 'Fuentes', 'Fuller', 'Gallagher',
    'Garcia', 'Gardner', 'Garrison', 'Gibson', 'Gilbert', 'Gill', 'Goldberg', 'Gomez',
    'Gonzalez', 'Goodwin', 'Gordon', 'Graham', 'Grant', 'Graves', 'Gray', 'Greene', 'Greenberg',
    'Griffin', 'Gupta', 'Gutierrez', 'Haas', 'Hale', 'Hall', 'Hamilton', 'Hansen', 'Harding',
    'Harper', 'Harris', 'Harrison', 'Hart', 'Hassan', 'Hawkins', 'Hayes', 'Henderson',
    'Hernandez', 'Herrera', 'Hicks', 'Higgins', 'Hill', 'Ho', 'Hoffman', 'Holland', 'Holmes',
    'Holt', 'Hopkins', 'Horvath', 'Howard', 'Howell', 'Huang', 'Hudson', 'Hughes', 'Hussain',
    'Hutchinson', 'Huynh', 'Ibarra', 'Ingram', 'Ivanov', 'Iyer', 'Jackson', 'Jacobs', 'Jain',
    'James', 'Jansen', 'Jenkins', 'Jensen', 'Jimenez', 'Johansson', 'Johnson', 'Jones',
    'Jordan', 'Joseph', 'Kaminski', 'Kang', 'Kapoor', 'Katz', 'Kaufman', 'Keane', 'Keller',
    'Kelly', 'Kennedy', 'Khan', 'Kim', 'King', 'Klein', 'Knight', 'Kowalski', 'Kramer', 'Kumar',
    'Lambert', 'Lane', 'Larsen', 'Lawson', 'Le', 'Lee', 'Lehmann', 'Leone', 'Levine', 'Lewis',
    'Li', 'Lin', 'Lindberg', 'Liu', 'Lloyd', 'Logan', 'Lombardi', 'Long', 'Lopez', 'Love',
    'Lowe', 'Lucas', 'Lund', 'Lynch', 'MacDonald', 'Mackenzie', 'Malone', 'Mancini', 'Mann',
    'Marino', 'Marsh', 'Marshall', 'Martin', 'Martinez', 'Mason', 'Matthews', 'Maxwell',
    'Mbeki', 'McBride', 'McCarthy', 'McCoy', 'McDaniel', 'McGrath', 'McKenna', 'McLean',
    'Medina', 'Mehta', 'Mendez', 'Mendoza', 'Mensah', 'Meyer', 'Middleton', 'Miller', 'Mills',
    'Mitchell', 'Molina', 'Montgomery', 'Moore', 'Morales', 'Moreau', 'Moreno', 'Morgan',
    'Morris', 'Morrison', 'Moss', 'Mueller', 'Munoz', 'Murphy', 'Murray', 'Myers', 'Nakamura',
    'Navarro', 'Nelson', 'Newman', 'Newton', 'Nguyen', 'Nichols', 'Nielsen', 'Nolan', 'Novak',
    'Nunez', 'Obi', 'Ochoa', 'Okafor', 'Okonkwo', 'Olsen', 'Olson', 'Ortega', 'Ortiz',
    'Osborne', 'Owens', 'Padilla', 'Page', 'Palmer', 'Papadopoulos', 'Park', 'Parker',
    'Parsons', 'Patel', 'Patterson', 'Payne', 'Pearson', 'Pena', 'Pereira', 'Perez', 'Perry',
    'Peters', 'Petersen', 'Peterson', 'Petrov', 'Pham', 'Phillips', 'Pierce', 'Popov', 'Porter',
    'Powell', 'Powers', 'Prescott', 'Price', 'Quinn', 'Ramirez', 'Ramos', 'Ramsey', 'Rao',
    'Reed', 'Reeves', 'Reid', 'Reyes', 'Reynolds', 'Rhodes', 'Ricci', 'Rice', 'Richards',
    'Richardson', 'Riley', 'Rivera', 'Roberts', 'Robinson', 'Rodriguez', 'Rogers', 'Romano',
    'Romero', 'Rosen', 'Ross', 'Rossi', 'Rowe', 'Russell', 'Russo', 'Ryan', 'Salazar',
    'Sanders', 'Sandoval', 'Santos', 'Sato', 'Saunders', 'Schmidt', 'Schneider', 'Schultz',
    'Schwartz', 'Scott', 'Sharma', 'Shaw', 'Shea', 'Shepherd', 'Sherman', 'Silva', 'Simmons',
    'Simon', 'Singh', 'Smith', 'Snyder', 'Sokolov', 'Soto', 'Spencer', 'Stanley', 'Stein',
    'Stephens', 'Stewart', 'Stone', 'Strickland', 'Suarez', 'Sullivan', 'Sutherland', 'Sutton',
    'Suzuki', 'Swanson', 'Tanaka', 'Taylor', 'Thomas', 'Thompson', 'Thornton', 'Torres',
    'Townsend', 'Tran', 'Tucker', 'Turner', 'Underwood', 'Valdez', 'Vance', 'Vargas', 'Vasquez',
    'Vaughn', 'Vega', 'Wagner', 'Walker', 'Wallace', 'Walsh', 'Wang', 'Ward', 'Warner',
    'Washington', 'Watanabe', 'Watkins', 'Watson', 'Weaver', 'Webb', 'Weber', 'Weiss', 'Wells',
    'West', 'Wheeler', 'White', 'Whitfield', 'Wilcox', 'Williams', 'Willis', 'Wilson',
    'Winters', 'Wolf', 'Wong', 'Wood', 'Woods', 'Wright', 'Wu', 'Xu', 'Yamamoto', 'Yang',
    'Yates', 'Young', 'Zamora', 'Zhang', 'Zhao', 'Ziegler', 'Zimmerman'
];
set variable brand_first = [
    'Amber', 'Anchor', 'Arbor', 'Aspen', 'Autumn', 'Bay', 'Beacon', 'Birch', 'Black', 'Blue',
    'Bold', 'Bright', 'Brook', 'Canyon', 'Cape', 'Cardinal', 'Cedar', 'Clear', 'Cliff', 'Cloud',
    'Coastal', 'Cobalt', 'Copper', 'Coral', 'Crescent', 'Crystal', 'Dawn', 'Deep', 'Eagle',
    'East', 'Echo', 'Elm', 'Ember', 'Evergreen', 'Falcon', 'Fern', 'First', 'Flint', 'Forest',
    'Fox', 'Garnet', 'Glen', 'Gold', 'Granite', 'Gray', 'Green', 'Harbor', 'Hawthorn', 'Hazel',
    'Heron', 'High', 'Hill', 'Indigo', 'Iron', 'Ivory', 'Ivy', 'Jade', 'Juniper', 'Keystone',
    'Lake', 'Lantern', 'Laurel', 'Linden', 'Long', 'Lupine', 'Magnolia', 'Maple', 'Marble',
    'Meadow', 'Mill', 'Misty', 'Moon', 'New', 'North', 'Oak', 'Ocean', 'Old', 'Olive', 'Onyx',
    'Opal', 'Orchard', 'Osprey', 'Otter', 'Pearl', 'Pebble', 'Pilgrim', 'Pine', 'Pioneer',
    'Plum', 'Prairie', 'Quarry', 'Quartz', 'Quiet', 'Rain', 'Raven', 'Red', 'River', 'Robin',
    'Rock', 'Rose', 'Rowan', 'Royal', 'Saddle', 'Sage', 'Salt', 'Sand', 'Sea', 'Silver', 'Sky',
    'Slate', 'South', 'Spring', 'Spruce', 'Star', 'Steel', 'Stone', 'Storm', 'Summer', 'Summit',
    'Sun', 'Swift', 'Tall', 'Teal', 'Thistle', 'Thunder', 'Timber', 'True', 'Twin', 'Union',
    'Upper', 'Valley', 'Violet', 'Walnut', 'West', 'White', 'Wild', 'Willow', 'Wind', 'Winter',
    'Wren'
];
set variable brand_second = [
    'Acre', 'Arch', 'Bank', 'Barn', 'Basin', 'Bay', 'Bend', 'Bloom', 'Bluff', 'Branch',
    'Bridge', 'Brook', 'Cape', 'Coast', 'Cove', 'Creek', 'Crest', 'Crossing', 'Dale', 'Field',
    'Fork', 'Gate', 'Glen', 'Grove', 'Harbor', 'Haven', 'Heights', 'Hill', 'Hollow', 'House',
    'Island', 'Key', 'Lake', 'Landing', 'Lane', 'Leaf', 'Light', 'Line', 'Mark', 'Marsh',
    'Mesa', 'Mill', 'Mountain', 'Nest', 'Park', 'Pass', 'Path', 'Peak', 'Pier', 'Pine', 'Place',
    'Point', 'Pond', 'Port', 'Range', 'Reach', 'Ridge', 'River', 'Road', 'Rock', 'Run', 'Shore',
    'Sky', 'Spring', 'Square', 'Star', 'Station', 'Stone', 'Street', 'Summit', 'Terrace',
    'Tide', 'Top', 'Tower', 'Trail', 'Tree', 'Vale', 'Valley', 'View', 'Vista', 'Wall', 'Water',
    'Way', 'Well', 'Wharf', 'Wind', 'Wood', 'Works', 'Yard'
];
set variable trades = [
    'Advisors', 'Agency', 'Analytics', 'Animal Hospital', 'Apparel', 'Architects', 'Auto Body',
    'Auto Group', 'Bakery', 'Barbers', 'Bikes', 'Bookshop', 'Brewing', 'Builders', 'Cabinetry',
    'Capital', 'Carpentry', 'Catering', 'Ceramics', 'Chiropractic', 'Cleaning',
    'Coffee Roasters', 'Concrete', 'Construction', 'Consulting', 'Counseling', 'Creamery',
    'Data Systems', 'Day Care', 'Design', 'Development', 'Diagnostics', 'Distributing',
    'Drywall', 'Electric', 'Electronics', 'Energy', 'Engineering', 'Equipment', 'Events',
    'Excavation', 'Farms', 'Fencing', 'Films', 'Financial', 'Fisheries', 'Fitness', 'Flooring',
    'Florists', 'Foods', 'Freight', 'Furniture', 'Gallery', 'Garage', 'Glass', 'Grill',
    'Hardware', 'Heating & Cooling', 'Home Care', 'Homes', 'Hospitality', 'Hotels', 'Imaging',
    'Imports', 'Industries', 'Instruments', 'Insurance', 'Interiors', 'Investments', 'Jewelers',
    'Kitchens', 'Labs', 'Landscaping', 'Leasing', 'Logistics', 'Lumber', 'Machine',
    'Maintenance', 'Manufacturing', 'Marine', 'Marketing', 'Masonry', 'Mechanical', 'Media',
    'Metals', 'Millwork', 'Mortgage', 'Motors', 'Moving', 'Music', 'Nursery', 'Nutrition',
    'Outfitters', 'Packaging', 'Painting', 'Paper', 'Paving', 'Pest Control', 'Pharmacy',
    'Photography', 'Plastics', 'Plumbing', 'Pools', 'Precision', 'Press', 'Printing', 'Produce',
    'Productions', 'Properties', 'Realty', 'Recycling', 'Rentals', 'Restaurants', 'Robotics',
    'Roofing', 'Salon', 'Security', 'Seafood', 'Signs', 'Software', 'Solar', 'Spirits',
    'Staffing', 'Storage', 'Studios', 'Supply', 'Surveying', 'Systems', 'Technologies',
    'Textiles', 'Therapy', 'Tile', 'Tool', 'Toys', 'Trading', 'Transport', 'Travel',
    'Tree Care', 'Trucking', 'Upholstery', 'Ventures', 'Veterinary', 'Vineyards', 'Warehousing',
    'Waste Services', 'Welding', 'Wellness', 'Windows', 'Wine'
];
set variable professions = [
    'Dental', 'Family Dentistry', 'Orthodontics', 'Family Medicine', 'Dermatology',
    'Pediatrics', 'Cardiology', 'Eye Care', 'Physical Therapy', 'Psychology', 'Surgical', 'Law',
    'Legal', 'Veterinary Clinic', 'Radiology', 'Podiatry', 'Internal Medicine', 'Oral Surgery',
    'Urgent Care', 'Women''s Health'
];
set variable company_endings = [
    'LLC', 'LLC', 'LLC', 'LLC', 'Inc.', 'Inc.', 'Inc.', 'Corp.', 'Co.', 'LP', 'LLP', 'Ltd.',
    'Group LLC', 'Holdings LLC', 'Partners LP', 'Enterprises Inc.'
];
set variable profession_endings = [
    'PLLC', 'PLLC', 'PC', 'PA', 'LLC', 'Associates PC', 'Group PLLC'
];
set variable kin = [
    '& Sons', '& Daughters', '& Associates', '& Co.', '& Partners', 'Brothers', 'Sisters',
    '& Family'
];
set variable towns = [
    'Alder Falls', 'Ashford', 'Barrow Point', 'Bath', 'Bayview', 'Belmont', 'Berwick',
    'Birchwood', 'Blue Hill', 'Bowdoin', 'Bridgeton', 'Brunswick', 'Camden', 'Cape Wren',
    'Castle Rock', 'Cedar Bluff', 'Chester', 'Clearwater', 'Cold Spring', 'Concord',
    'Crescent Bay', 'Dalton', 'Deer Isle', 'Dover', 'Eastport', 'Edgewater', 'Elmwood',
    'Fairhaven', 'Falmouth', 'Farmington', 'Franklin', 'Freeport', 'Glenwood', 'Gorham',
    'Grafton', 'Greenfield', 'Hallowell', 'Hampton', 'Hanover', 'Harpswell', 'Hartford',
    'Hudson', 'Jefferson', 'Kennebunk', 'Kingston', 'Lakewood', 'Lancaster', 'Lebanon',
    'Lexington', 'Lincoln', 'Long Beach', 'Madison', 'Manchester', 'Marlow', 'Meadowbrook',
    'Milford', 'Millbrook', 'Monroe', 'Mount Ida', 'Newcastle', 'Newport', 'Northfield',
    'Norwood', 'Oakdale', 'Old Harbor', 'Orleans', 'Oxford', 'Pembroke', 'Pine Point',
    'Plymouth', 'Portland', 'Quincy', 'Raymond', 'Richmond', 'Riverside', 'Rockport', 'Salem',
    'Saxton', 'Scarborough', 'Sherwood', 'Silver Lake', 'Somerset', 'South Bend', 'Springfield',
    'Stafford', 'Stonington', 'Sudbury', 'Thomaston', 'Trenton', 'Upton', 'Vernon', 'Wakefield',
    'Warren', 'Wells', 'Westbrook', 'Weston', 'Wexford', 'Winthrop', 'Woodstock', 'Yarmouth',
    'York'
];
set variable causes = [
    'Animal Rescue', 'Arts Council', 'Boys & Girls Club', 'Chamber Orchestra',
    'Children''s Museum', 'Community Foundation', 'Community Theater', 'Conservation Trust',
    'Credit Counseling Center', 'Early Learning Center', 'Food Bank', 'Garden Club',
    'Habitat Alliance', 'Health Clinic', 'Heritage Society', 'Historical Society', 'Hospice',
    'Housing Coalition', 'Land Trust', 'Legal Aid', 'Literacy Project', 'Meals Program',
    'Montessori School', 'Music School', 'Public Library Friends', 'Recovery Center',
    'River Keepers', 'Rotary Foundation', 'Senior Center', 'Shelter', 'Symphony',
    'Veterans Center', 'Volunteer Fire Company', 'Youth Soccer', 'Youth Theater'
];
set variable saints = [
    'Agnes', 'Anne', 'Anthony', 'Brendan', 'Clare', 'Francis', 'James', 'John', 'Joseph',
    'Luke', 'Mark', 'Martha', 'Mary', 'Matthew', 'Michael', 'Patrick', 'Paul', 'Peter', 'Rita',
    'Theresa'
];
set variable job_titles = [
    'Accounts payable', 'Bookkeeper', 'Controller', 'Owner', 'Office manager', 'President',
    'Treasurer', 'Assistant'
];
set variable mail_hosts = [
    'mail.example', 'post.example', 'inbox.example', 'letters.example', 'home.example'
];
